/** Writes a case of one's own: what to send and what must come back, with the endpoint's answer of now at hand. */
import { Button, Modal, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ERRORS, highest, routes, type Scope, serviceNames } from '../../contract/index.ts';
import { useClient } from '../kit/client-context.tsx';
import { compactJson } from '../kit/json/compact-json.ts';
import { readJson } from '../kit/json/json-text.ts';
import { EVERYTHING, SCOPE_CHOICES, scopesOf } from '../kit/scope-choice.ts';
import { NumberEntry } from '../kit/entry/number-entry.tsx';
import { LongTextEntry, TextEntry } from '../kit/entry/text-entry.tsx';
import { endpointOf, routeOf } from './cases.ts';
import classes from './case-editor.module.css';
import { lasting } from '../../contract/differences.ts';
import { ruleFaults } from '../../contract/validation-rules.ts';
import type { OwnCase } from './own-cases.ts';
import { Hint } from '../kit/layout/hint.tsx';

interface Props {
  draft: OwnCase;
  /** Names of the user's other cases, under their service. */
  taken: readonly string[];
  onKeep: (own: OwnCase) => void;
  onClose: () => void;
}

type Ending = 'any' | 'output' | 'error';

export function CaseEditor({ draft, taken, onKeep, onClose }: Props) {
  const client = useClient();
  const [name, setName] = useState(draft.name);
  const [description, setDescription] = useState(draft.description);
  const [endpoint, setEndpoint] = useState(draft.endpoint);
  const [input, setInput] = useState(compactJson(draft.input));
  const [ending, setEnding] = useState<Ending>(draft.expected_error ? 'error' : 'expected_output' in draft ? 'output' : 'any');
  const [output, setOutput] = useState('expected_output' in draft ? compactJson(draft.expected_output) : '{}');
  const [error, setError] = useState(draft.expected_error ?? 'validation_failed');
  const [rules, setRules] = useState(draft.validation_rules ? compactJson(draft.validation_rules) : '{}');
  const [tolerance, setTolerance] = useState(draft.tolerance ?? 0);
  const [scope, setScope] = useState<Scope>(draft.scopes ? highest(draft.scopes) : EVERYTHING);
  const [asking, setAsking] = useState(false);

  const sent = readJson(input);
  const wanted = readJson(output);
  const written = readJson(rules);
  const inputError =
    'fault' in sent
      ? sent.fault
      : typeof sent.value === 'object' && sent.value !== null && !Array.isArray(sent.value)
        ? null
        : 'must be an object.';
  const nameError =
    name.trim() === ''
      ? 'is required.'
      : taken.includes(`${endpoint.split('/')[1]}/${name.trim()}`)
        ? 'must be another one: a case of yours has this name.'
        : null;
  const rulesError = 'fault' in written ? written.fault : complaintOf(written.value, endpoint, 'value' in sent ? sent.value : null);
  const outputError = 'fault' in wanted ? wanted.fault : null;

  const chooseEndpoint = (next: string) => {
    setEndpoint(next);
    // An input that nobody touched belongs to the endpoint of before.
    const before = routeOf(endpoint)?.endpoint.examples[0]?.input ?? {};
    if (input === compactJson(before)) setInput(compactJson(routeOf(next)?.endpoint.examples[0]?.input ?? {}));
  };

  const takeAnswer = async () => {
    const route = routeOf(endpoint);
    if (!route) return;
    setAsking(true);
    const exchange = await client.send(route.service, route.operation, JSON.parse(input) as object, scopesOf(scope));
    setAsking(false);
    if (exchange.problem) {
      setEnding('error');
      setError(exchange.problem.code);
    } else {
      setEnding('output');
      setOutput(compactJson(lasting(JSON.parse(compactJson(exchange.data ?? null)))));
    }
  };

  const keep = () => {
    if ('fault' in sent) return;
    const hasRules = 'value' in written && Object.keys(written.value as object).length > 0;
    onKeep({
      name: name.trim(),
      description: description.trim(),
      endpoint,
      input: sent.value,
      ...(ending === 'output' && 'value' in wanted && { expected_output: wanted.value }),
      ...(ending === 'error' && { expected_error: error }),
      ...(ending !== 'error' && hasRules && { validation_rules: written.value as Record<string, string> }),
      ...(tolerance > 0 && { tolerance }),
      ...scopesOf(scope),
    });
  };

  return (
    <Modal opened onClose={onClose} title="A case of your own" size="46rem">
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          keep();
        }}
      >
        <TextEntry
          label="Name"
          value={name}
          complaint={nameError}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          data-autofocus
        />
        <NativeSelect
          label="Endpoint"
          value={endpoint}
          onChange={({ currentTarget }) => chooseEndpoint(currentTarget.value)}
          data={serviceNames.map((service) => ({
            group: service,
            items: routes.filter((route) => route.service === service).map(endpointOf),
          }))}
        />
        <TextInput label="Description" value={description} onChange={({ currentTarget }) => setDescription(currentTarget.value)} />
        <NativeSelect
          label="The call may"
          value={scope}
          onChange={({ currentTarget }) => setScope(currentTarget.value as Scope)}
          data={SCOPE_CHOICES}
        />
        <LongTextEntry
          className={classes.wide ?? ''}
          classNames={{ input: 'gb-mono gb-small' }}
          label="Input"
          description="JSON: path parameters, query and body in one object"
          autosize
          minRows={3}
          maxRows={12}
          spellCheck={false}
          value={input}
          complaint={inputError}
          onChange={({ currentTarget }) => setInput(currentTarget.value)}
        />
        <div className={classes.ending}>
          <SegmentedControl
            aria-label="How it must end"
            value={ending}
            onChange={(next) => setEnding(next as Ending)}
            data={[
              { value: 'output', label: 'This output' },
              { value: 'error', label: 'A problem' },
              { value: 'any', label: 'Any result' },
            ]}
          />
          <Button variant="default" loading={asking} disabled={inputError !== null} onClick={() => void takeAnswer()}>
            Call now and expect its answer
          </Button>
        </div>
        {ending === 'output' && (
          <>
            <LongTextEntry
              className={classes.wide ?? ''}
              classNames={{ input: 'gb-mono gb-small' }}
              label="Expected output"
              description="Only the keys given are compared"
              autosize
              minRows={3}
              maxRows={14}
              spellCheck={false}
              value={output}
              complaint={outputError}
              onChange={({ currentTarget }) => setOutput(currentTarget.value)}
            />
            <NumberEntry label="Tolerance of numbers" min={0} step={0.0001} value={tolerance} onChange={setTolerance} />
          </>
        )}
        {ending !== 'error' && (
          <LongTextEntry
            className={classes.wide ?? ''}
            classNames={{ input: 'gb-mono gb-small' }}
            label="Validation rules"
            description='CEL over the input’s fields and output, by name: {"input_ids_length": "len(text) + 2"}'
            autosize
            minRows={2}
            maxRows={8}
            spellCheck={false}
            value={rules}
            complaint={rulesError}
            onChange={({ currentTarget }) => setRules(currentTarget.value)}
          />
        )}
        {ending === 'error' && (
          <NativeSelect
            label="Code of the problem"
            value={error}
            onChange={({ currentTarget }) => setError(currentTarget.value)}
            data={Object.entries(ERRORS).map(([code, { status, title }]) => ({ value: code, label: `${status} ${code}: ${title}` }))}
          />
        )}
        <Hint className={classes.hint}>
          Kept in this browser; it runs by calling the endpoint from this page. A rule that gives no true or false must equal the output
          field that it is named after, or the length of that field.
        </Hint>
        <div className={classes.end}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit">Keep this case</Button>
        </div>
      </form>
    </Modal>
  );
}

/** What is wrong with the rules, said of their field: the first fault, with its rule. */
function complaintOf(rules: unknown, endpoint: string, input: unknown): string | null {
  if (typeof rules !== 'object' || rules === null || Array.isArray(rules)) return 'must be an object of expressions by name.';
  const route = routeOf(endpoint);
  const [fault] = route ? ruleFaults(rules as Record<string, unknown>, route.endpoint, input) : [];
  return fault ? `can’t be kept: ${fault.path.split('/').at(-1)}: ${fault.message}` : null;
}
