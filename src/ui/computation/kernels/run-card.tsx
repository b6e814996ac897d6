/** Runs a kernel on drawn inputs or on the reader's own, and shows what came out, how far it is from the reference and how long it took. */
import { Button, SegmentedControl, Switch, Textarea } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { ApiError, contract } from '../../../contract/index.ts';
import { Icon } from '../../kit/icons.tsx';
import { onDemand } from '../../kit/on-demand.tsx';
import { jsonSchemaOf } from '../../kit/json/json-schema.ts';
import { StopButton } from '../../kit/stop-button.tsx';
import { FormFaults, useFault, useFaultFocus } from '../../kit/entry/form-faults.tsx';
import { useSaidBelow } from '../../kit/entry/said-below.tsx';
import { ContractNumber } from '../../kit/form/contract-number.tsx';
import { ParameterEntries } from '../../kit/form/parameter-entries.tsx';
import { ProblemAlert } from '../../kit/problem/problem-alert.tsx';
import classes from '../computation.module.css';
import { type Done, useExecution } from '../executions.ts';
import type { Kernel } from '../queries.ts';
import { UnderWay } from '../under-way.tsx';
import { draftOf, inputOf, type KernelDraft, sizesToldByInputs } from './kernel-draft.ts';
import { KernelResult } from './kernel-result.tsx';
import { Card, CardHead } from '../../kit/layout/card.tsx';
import { FormStack } from '../../kit/layout/fields.tsx';

const JsonEditor = onDemand('The editor', async () => (await import('../../kit/monaco/json-editor.tsx')).default);

/** Drafts outlive their view: going to another kernel and back loses nothing. */
const drafts = new Map<string, KernelDraft>();
/** What was last sent of each. */
const sentDrafts = new Map<string, KernelDraft>();

const TENSORS = contract.computation.endpoints.execute.input.shape.inputs;

export function RunCard({ kernel }: { kernel: Kernel }) {
  const { id, sizes, parameters } = kernel;
  const [draft, setDraft] = useState(() => drafts.get(id) ?? draftOf(kernel));
  const execution = useExecution(`kernel:${id}`);
  const { startedAt, done, error } = execution;
  const set = (change: Partial<KernelDraft>) => {
    const next = { ...(drafts.get(id) ?? draft), ...change };
    drafts.set(id, next);
    setDraft(next);
  };
  const run = () => {
    sentDrafts.set(id, drafts.get(id) ?? draft);
    try {
      // A key pressed right after typing comes before the next rendering.
      void execution.run(inputOf(kernel, drafts.get(id) ?? draft));
    } catch (reason) {
      execution.fail(ApiError.from(reason));
    }
  };
  // The answer to another input says nothing of this one.
  const wrong = error && (sentDrafts.get(id) ?? draft) === draft ? error : null;
  const form = useFaultFocus<HTMLFormElement>(error);
  const told = draft.from === 'own' ? sizesToldByInputs(kernel) : [];
  const asked = sizes.filter(({ name }) => !told.includes(name));

  return (
    <Card compact aria-label="Run">
      <FormFaults error={wrong}>
        <FormStack
          ref={form}
          onSubmit={(event) => {
            event.preventDefault();
            run();
          }}
          // Captured: the editor would take Ctrl-Enter for a new line.
          onKeyDownCapture={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            event.stopPropagation();
            event.currentTarget.requestSubmit();
          }}
        >
          <CardHead>
            <h2>Run</h2>
            <SegmentedControl
              aria-label="Inputs"
              value={draft.from}
              onChange={(from) => set({ from: from as KernelDraft['from'] })}
              data={[
                { value: 'seed', label: 'Drawn inputs' },
                { value: 'own', label: 'Your own, as JSON' },
              ]}
            />
          </CardHead>
          {draft.from === 'own' && (
            <OwnInputs className={classes.editor}>
              <JsonEditor
                standIn={<PlainEditor text={draft.inputs} onChange={(inputs) => set({ inputs })} />}
                path={`computation/${id}`}
                text={draft.inputs}
                onChange={(inputs) => set({ inputs })}
                schema={jsonSchemaOf(TENSORS, 'input')}
                label={`Inputs of ${id}`}
              />
            </OwnInputs>
          )}
          <div className={classes.fields}>
            <ParameterEntries
              at="/sizes"
              parameters={asked.map(({ name, minimum }) => ({ name, whole: true, empty: minimum === 0 ? '0' : 'as in the example' }))}
              values={draft.sizes}
              onChange={(values) => set({ sizes: values })}
            />
            <ParameterEntries
              at="/parameters"
              parameters={parameters.map(({ name, default: byDefault }) => ({ name, empty: String(byDefault) }))}
              values={draft.parameters}
              onChange={(values) => set({ parameters: values })}
            />
            {draft.from === 'seed' && (
              <ContractNumber
                of={contract.computation.endpoints.execute.input}
                path="/seed"
                value={draft.seed}
                onChange={(seed) => set({ seed })}
              />
            )}
          </div>
          <div className={classes.bar}>
            {startedAt === null ? (
              <Button type="submit" leftSection={<Icon name="play" />} title="Ctrl Enter">
                Run
              </Button>
            ) : (
              <StopButton onStop={execution.stop} />
            )}
            <Switch
              label="Compare with the reference"
              checked={draft.checkReference}
              onChange={({ currentTarget }) => set({ checkReference: currentTarget.checked })}
            />
          </div>
        </FormStack>
        {startedAt !== null && <UnderWay startedAt={startedAt} occupant={id} />}
        {wrong && <ProblemAlert error={wrong} />}
      </FormFaults>
      {done && <KernelResult done={done} stale={startedAt !== null || error !== null} isOther={isOther(kernel, draft, done.input)} />}
    </Card>
  );
}

/** The editor is no input of a form: what is wrong with its text stands below it. */
function OwnInputs({ className, children }: { className: string | undefined; children: ReactNode }) {
  const { aria, said } = useSaidBelow(useFault('/inputs', 'Inputs'));
  return (
    <div role="group" aria-label="Inputs, as JSON" {...aria}>
      <div className={className}>{children}</div>
      {said}
    </div>
  );
}

/** An input that is no input is another one. */
function isOther(kernel: Kernel, draft: KernelDraft, input: Done['input']): boolean {
  try {
    return JSON.stringify(inputOf(kernel, draft)) !== JSON.stringify(input);
  } catch {
    return true;
  }
}

/** What can be typed into while Monaco is on its way. */
function PlainEditor({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  return (
    <Textarea
      aria-label="Inputs as JSON"
      autosize
      minRows={8}
      maxRows={12}
      value={text}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      classNames={{ input: 'gb-mono gb-small' }}
      spellCheck={false}
    />
  );
}
