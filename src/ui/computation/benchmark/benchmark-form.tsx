/** Who is measured, at which sizes and how often; ready-made benchmarks are one click away. */
import { Button, Checkbox } from '@mantine/core';
import { useFault, useFaultFocus } from '../../kit/entry/form-faults.tsx';
import { useSaidBelow } from '../../kit/entry/said-below.tsx';
import { Icon } from '../../kit/icons.tsx';
import { StopButton } from '../../kit/stop-button.tsx';
import { ContractNumber } from '../../kit/form/contract-number.tsx';
import { SchemaFields } from '../../kit/form/schema-fields.tsx';
import { TextEntry } from '../../kit/entry/text-entry.tsx';
import classes from '../computation.module.css';
import type { KernelSummary, Plan } from '../queries.ts';
import { BENCHMARK, type BenchmarkDraft, type Preset, readSizes, sharedSizes, SIZES_PATH, sweptOf } from './benchmark-draft.ts';
import { Card, CardForm } from '../../kit/layout/card.tsx';
import { Hint } from '../../kit/layout/hint.tsx';
import { FieldGroup, Submit } from '../../kit/layout/fields.tsx';

interface Props {
  draft: BenchmarkDraft;
  /** Of the last start, while nothing was changed since. */
  refused: unknown;
  onChange: (draft: BenchmarkDraft) => void;
  kernels: readonly KernelSummary[];
  plans: readonly Plan[];
  presets: readonly Preset[];
  onPreset: (preset: Preset) => void;
  running: boolean;
  onStart: () => void;
  onStop: () => void;
}

export function BenchmarkForm({ draft, refused, onChange, kernels, plans, presets, onPreset, running, onStart, onStop }: Props) {
  const set = (change: Partial<BenchmarkDraft>) => onChange({ ...draft, ...change });
  const chosen = draft.kernels.length + draft.plans.length;
  const form = useFaultFocus<HTMLFormElement>(refused);
  return (
    <>
      <Card compact aria-label="Ready-made benchmarks">
        <h2>Ready-made</h2>
        <ul className={classes.presets}>
          {presets.map((preset) => (
            <li key={preset.name}>
              <button type="button" disabled={running} onClick={() => onPreset(preset)}>
                <Icon name="play" size={14} />
                <span>
                  {preset.name}
                  <small>{preset.description}</small>
                </span>
              </button>
            </li>
          ))}
        </ul>
      </Card>
      <CardForm
        compact
        ref={form}
        aria-label="Your own benchmark"
        onSubmit={(event) => {
          event.preventDefault();
          if (!running) onStart();
        }}
      >
        <h2>Your own</h2>
        <Choice
          title="Kernels"
          path="/kernels"
          options={kernels.map(({ id, available }) => ({ id, title: id, dim: !available }))}
          whyDim="There is no GPU here: these shaders would be skipped."
          chosen={draft.kernels}
          onChange={(next) => set({ kernels: next })}
        />
        <Choice
          title="Plans"
          path="/plan_ids"
          options={plans.map(({ id, name, problems }) => ({ id, title: name, dim: problems.length > 0 }))}
          whyDim="These plans could not run now as they say."
          chosen={draft.plans}
          onChange={(next) => set({ plans: next })}
        />
        <Sizes draft={draft} set={set} shared={sharedSizes(draft, kernels)} />
        <SchemaFields of={BENCHMARK} group="How" value={draft.how} onChange={(how) => set({ how })} />
        <Submit>
          {running ? (
            <StopButton fullWidth onStop={onStop} />
          ) : (
            <Button fullWidth type="submit" disabled={chosen === 0} leftSection={<Icon name="play" />}>
              {chosen === 0 ? 'Choose what to measure' : 'Measure'}
            </Button>
          )}
        </Submit>
      </CardForm>
    </>
  );
}

interface ChoiceProps {
  title: string;
  path: string;
  options: readonly { id: string; title: string; dim: boolean }[];
  whyDim: string;
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

function Choice({ title, path, options, whyDim, chosen, onChange }: ChoiceProps) {
  const { aria, said } = useSaidBelow(useFault(path, title));
  return (
    <FieldGroup title={title}>
      <div className={classes.choice} role="group" aria-label={title} {...aria}>
        {options.map(({ id, title: name, dim }) => (
          <Checkbox
            key={id}
            label={name}
            wrapperProps={{ 'data-dim': dim || undefined, title: dim ? whyDim : undefined }}
            checked={chosen.includes(id)}
            // In the order of the list, so that the first one is what the others are compared with.
            onChange={({ currentTarget }) =>
              onChange(options.map((option) => option.id).filter((each) => (each === id ? currentTarget.checked : chosen.includes(each))))
            }
          />
        ))}
      </div>
      {said}
      {options.some(({ dim }) => dim) && <Hint>In italics: {whyDim.charAt(0).toLowerCase() + whyDim.slice(1)}</Hint>}
    </FieldGroup>
  );
}

interface SizesProps {
  draft: BenchmarkDraft;
  set: (change: Partial<BenchmarkDraft>) => void;
  shared: readonly string[];
}

function Sizes({ draft, set, shared }: SizesProps) {
  const swept = sweptOf(draft, shared);
  const sizes = readSizes(draft.values);
  const several = draft.kernels.length + draft.plans.length > 1;
  if (draft.kernels.length + draft.plans.length === 0) return null;
  return (
    <FieldGroup title="Sizes">
      {shared.length === 0 ? (
        <Hint>They share no size: each is measured at its own.</Hint>
      ) : (
        <>
          <Hint>
            {several ? 'Those that all of them have. ' : ''}Tick what shall vary; a number holds a size, an empty field leaves it to the
            {several ? ' kernel or plan' : draft.plans.length > 0 ? ' plan' : ' kernel'}.
          </Hint>
          <div className={classes.sizes}>
            {shared.map((name) => {
              const isSwept = swept.includes(name);
              return (
                <div key={name}>
                  <Checkbox
                    label={<code>{name}</code>}
                    checked={isSwept}
                    onChange={({ currentTarget }) =>
                      set({ swept: currentTarget.checked ? [...swept, name] : swept.filter((each) => each !== name) })
                    }
                  />
                  {isSwept ? (
                    <Hint>varies</Hint>
                  ) : (
                    <ContractNumber
                      optional
                      of={BENCHMARK}
                      path={`/sizes/0/${name}`}
                      aria-label={`Size ${name}`}
                      name={name}
                      placeholder="own"
                      value={draft.fixed[name] ?? null}
                      onChange={(value) => set({ fixed: { ...draft.fixed, [name]: value } })}
                    />
                  )}
                </div>
              );
            })}
          </div>
          {swept.length > 0 && (
            <TextEntry
              label={`Values of ${swept.join(' = ')}`}
              path={SIZES_PATH}
              complaint={'fault' in sizes ? sizes.fault : undefined}
              classNames={{ input: 'gb-mono gb-small' }}
              inputMode="numeric"
              value={draft.values}
              onChange={({ currentTarget }) => set({ values: currentTarget.value })}
            />
          )}
        </>
      )}
    </FieldGroup>
  );
}
