/** The left half of an endpoint: its input as form or JSON, examples to begin from, and the bar that sends. */
import { Button, NativeSelect, SegmentedControl, Textarea } from '@mantine/core';
import { useMemo, useState } from 'react';
import { type ErrorItem, faultsOf, type Route } from '../../../contract/index.ts';
import { type Mode, useHealth, useMode } from '../../kit/client-context.tsx';
import { CopyButton } from '../../kit/copy-button.tsx';
import { Icon } from '../../kit/icons.tsx';
import { onDemand } from '../../kit/on-demand.tsx';
import { LINK_LIMIT } from '../../kit/address/packed-json.ts';
import { linkTo } from '../../kit/address/endpoint-link.ts';
import type { Field } from '../../kit/form/model.ts';
import { jsonSchemaOf } from '../../kit/json/json-schema.ts';
import { StopButton } from '../../kit/stop-button.tsx';
import { SchemaForm } from '../../kit/form/schema-form.tsx';
import { Authorize } from './authorize.tsx';
import { ExamplePicker } from './example-picker.tsx';
import classes from './request.module.css';
import type { Draft } from './use-draft.ts';

const JsonEditor = onDemand('The editor', async () => (await import('../../kit/monaco/json-editor.tsx')).default);

export type InputView = 'form' | 'json';

interface Props {
  route: Route;
  /** Its input as a form draws it. */
  field: Field;
  draft: Draft;
  view: InputView;
  onView: (view: InputView) => void;
  setText: (text: string) => void;
  setValue: (value: unknown) => void;
  errors: readonly ErrorItem[];
  running: boolean;
  onSend: (mode: Mode) => void;
  onStop: () => void;
}

export function RequestPanel({ route, field, draft, view, onView, setText, setValue, errors, running, onSend, onStop }: Props) {
  const schema = jsonSchemaOf(route.endpoint.input, 'input');
  const found = useMemo(() => faultsInSight(route, draft.value), [route, draft.value]);
  const [override, setOverride] = useState<Mode | ''>('');
  // With another input nothing is left of what was typed and no value yet.
  const [picks, setPicks] = useState(0);
  const [mode] = useMode();
  const { worker, restful } = useHealth();
  const effective = override || mode;
  const send = () => {
    if (draft.parseError === undefined && worker === 'ready') onSend(effective);
  };

  return (
    <form
      className={classes.root}
      aria-label="Request"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      // Captured: the editor would take Ctrl-Enter for a new line.
      onKeyDownCapture={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        event.stopPropagation();
        // As the button does: fields that hold no value keep it from being sent.
        event.currentTarget.requestSubmit();
      }}
    >
      <div className={classes.toolbar}>
        <SegmentedControl
          aria-label="Input as"
          value={view}
          onChange={(next) => onView(next as InputView)}
          data={[
            { value: 'form', label: 'Form' },
            { value: 'json', label: 'JSON' },
          ]}
        />
        <Authorize scope={route.endpoint.scope} />
        <ExamplePicker
          endpoint={route.endpoint}
          value={draft.value}
          onPick={(input) => {
            setPicks(picks + 1);
            setValue(input);
          }}
        />
      </div>

      <div className={classes.input}>
        {view === 'form' ? (
          <>
            {draft.parseError !== undefined && (
              <p className={classes.warning}>The JSON view holds text that is no JSON: {draft.parseError}. A change here replaces it.</p>
            )}
            <SchemaForm key={picks} field={field} value={draft.value} onChange={setValue} faults={errors.length > 0 ? errors : found} />
          </>
        ) : (
          <JsonEditor
            standIn={<PlainEditor text={draft.text} onChange={setText} />}
            path={`${route.service}/${route.operation}`}
            text={draft.text}
            onChange={setText}
            schema={schema}
            label={`Input of ${route.path}`}
          />
        )}
      </div>

      <div className={classes.sendBar}>
        {running ? (
          <StopButton onStop={onStop} />
        ) : (
          <Button
            type="submit"
            disabled={draft.parseError !== undefined || worker !== 'ready'}
            leftSection={<Icon name="play" />}
            title="Ctrl Enter"
          >
            Send
          </Button>
        )}
        <NativeSelect
          aria-label="Transport of this request"
          value={override}
          classNames={{ input: 'gb-small gb-muted' }}
          onChange={(event) => setOverride(event.currentTarget.value as Mode | '')}
          data={[
            { value: '', label: `as switched: ${mode === 'restful' ? 'RESTful' : 'direct'}` },
            { value: 'restful', label: 'RESTful', disabled: restful !== 'ready' },
            { value: 'direct', label: 'direct' },
          ]}
        />
        <span className={classes.hint}>
          {draft.parseError === undefined ? (
            <>
              <kbd>Ctrl</kbd> <kbd>⏎</kbd>
            </>
          ) : (
            <span className={classes.warning} title={draft.parseError}>
              This is no JSON
            </span>
          )}
        </span>
        <CopyButton icon="link" label="Copy a link to this request" text={() => address(route, draft.value)} />
      </div>
    </form>
  );
}

async function address(route: Route, input: unknown): Promise<string> {
  const link = await linkTo(route, input);
  return new URL(`#${link.length > LINK_LIMIT ? await linkTo(route) : link}`, location.href).href;
}

/** What the contract finds wrong with what was filled in; what was left out may still come. */
function faultsInSight({ endpoint }: Route, value: unknown): ErrorItem[] {
  const type = endpoint.input.strict();
  const parsed = type.safeParse(value, { reportInput: true });
  if (parsed.success) return [];
  return faultsOf(type, parsed.error.issues, value).filter(({ message }) => !message.startsWith('is required'));
}

/** What can be typed into while Monaco is on its way. */
function PlainEditor({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  return (
    <Textarea
      aria-label="Input as JSON"
      autosize
      minRows={12}
      maxRows={24}
      value={text}
      onChange={(event) => onChange(event.currentTarget.value)}
      classNames={{ input: 'gb-mono gb-small' }}
      spellCheck={false}
    />
  );
}
