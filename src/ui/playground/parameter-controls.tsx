/** The samplers and limits as compact rows: a slider over the usual range, a field for the whole range of the contract. */
import { Button, SegmentedControl, Slider, Switch, TagsInput, TextInput, Tooltip } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useActivePatches } from '../kit/code/use-active-patches.ts';
import { visible } from '../kit/model/token-text.ts';
import {
  BOUNDS,
  clampToBounds,
  DEFAULT_PARAMETERS,
  MAX_STOP_STRINGS,
  type NumberFaults,
  type NumericName,
  parameterId,
  type Parameters,
  presetOf,
  PRESETS,
  SAMPLERS,
  readNumber,
} from './parameters.ts';
import classes from './parameter-controls.module.css';
import { FieldGroup } from '../kit/layout/fields.tsx';

interface Props {
  parameters: Parameters;
  onChange: (change: Partial<Parameters>) => void;
  /** What is typed and can't be taken. */
  faults: NumberFaults;
  onFault: (name: NumericName, fault: { text: string; fault: string } | null) => void;
  /** Tokens the model can hold, for the length slider. */
  context: number | null;
}

type RowName = Exclude<NumericName, 'seed'>;
const OUTPUT: readonly RowName[] = ['max_new_tokens', 'n', 'logprobs'];

export function ParameterControls({ parameters, onChange, faults, onFault, context }: Props) {
  const preset = presetOf(parameters);
  const samplerPatched = useActivePatches().some(({ id }) => id === 'sampler');
  const row = (name: RowName) => (
    <NumberRow
      key={name}
      name={name}
      longest={name === 'max_new_tokens' ? (context ?? 512) : Infinity}
      value={parameters[name]}
      faults={faults}
      onFault={onFault}
      onChange={(value) => onChange({ [name]: value })}
    />
  );
  return (
    <div className={classes.controls}>
      <SegmentedControl
        fullWidth
        aria-label="Sampling preset"
        data={[...PRESETS.map(({ name }) => name), ...(preset ? [] : ['Custom'])]}
        value={preset?.name ?? 'Custom'}
        onChange={(name) => {
          for (const each of SAMPLERS) onFault(each, null);
          onChange(PRESETS.find((each) => each.name === name)?.sampling ?? {});
        }}
      />
      <Group title="Sampling">
        {samplerPatched && (
          <p className={classes.note}>
            The <a href="#/code/sampler">patched sampler</a> chooses the tokens; it may heed these values or not.
          </p>
        )}
        {SAMPLERS.map(row)}
        <SeedRow seed={parameters.seed} faults={faults} onFault={onFault} onChange={(seed) => onChange({ seed })} />
      </Group>
      <Group title="Output">
        {OUTPUT.map(row)}
        <TagsInput
          size="xs"
          id={parameterId('stop')}
          label={<code>stop</code>}
          classNames={{ label: classes.label ?? '' }}
          placeholder={parameters.stop.length === 0 ? 'Text that ends the output, then Enter' : ''}
          value={parameters.stop}
          onChange={(stop) => onChange({ stop: stop.map(unescapeText) })}
          renderPill={({ value, onRemove }) => <StopPill text={String(value)} onRemove={onRemove} />}
          maxTags={MAX_STOP_STRINGS}
          splitChars={[]}
          acceptValueOnBlur
        />
        <Tooltip label="Go on after the end-of-sequence token, for measurements of a fixed length">
          <Switch
            id={parameterId('ignore_eos')}
            className={classes.switch}
            labelPosition="left"
            label={<code>ignore_eos</code>}
            checked={parameters.ignore_eos}
            onChange={(event) => onChange({ ignore_eos: event.currentTarget.checked })}
          />
        </Tooltip>
      </Group>
    </div>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return <FieldGroup title={title}>{children}</FieldGroup>;
}

interface RowProps {
  name: RowName;
  /** What the slider need not go beyond. */
  longest: number;
  value: number;
  faults: NumberFaults;
  onChange: (value: number) => void;
  onFault: Props['onFault'];
}

function NumberRow({ name, longest, value, faults, onChange, onFault }: RowProps) {
  const bounds = BOUNDS[name];
  const { step } = bounds;
  const [from, to] = [bounds.usual[0], Math.min(bounds.usual[1], longest)];
  const standard = DEFAULT_PARAMETERS[name];
  const explained = [
    bounds.description,
    `${bounds.exclusiveMinimum ? 'above' : 'from'} ${bounds.minimum} to ${bounds.maximum}, ${standard} when left out`,
  ]
    .filter(Boolean)
    .join(' · ');
  return (
    <div className={classes.row} data-changed={value !== standard || undefined}>
      <Tooltip label={explained} position="left">
        <label htmlFor={parameterId(name)}>
          <code>{name}</code>
        </label>
      </Tooltip>
      {/* The field has the same value and takes the keyboard. */}
      <Slider
        thumbLabel={`${name}, by pointer`}
        size={3}
        thumbSize={12}
        min={from}
        max={to}
        step={step}
        value={Math.min(to, Math.max(from, value))}
        onChange={(next) => {
          onFault(name, null);
          onChange(next);
        }}
        label={null}
        thumbProps={{ tabIndex: -1 }}
        className={classes.slider ?? ''}
      />
      <NumberField
        name={name}
        value={value}
        step={step}
        faults={faults}
        onFault={onFault}
        onChange={(next) => onChange(next ?? standard)}
      />
    </div>
  );
}

interface FieldProps {
  name: NumericName;
  value: number | null;
  step: number;
  placeholder?: string;
  faults: NumberFaults;
  onFault: Props['onFault'];
  onChange: (value: number | null) => void;
}

/** Takes what the contract takes, as it is typed; anything else stays, with the reason. */
function NumberField({ name, value, step, placeholder, faults, onFault, onChange }: FieldProps) {
  // "0." and "1e" are on their way to a number; a number keeps the form in which it is typed.
  const [typed, setTyped] = useState<string | null>(null);
  const held = faults[name];
  const type = (text: string) => {
    const read = readNumber(name, text);
    setTyped(text);
    if ('fault' in read) onFault(name, { text, fault: read.fault });
    else {
      onFault(name, null);
      onChange(read.value);
    }
  };
  const nudge = (by: number) => {
    const next = clampToBounds(name, Number(((value ?? 0) + by).toPrecision(12)));
    if (next !== null) type(String(next));
  };
  return (
    <TextInput
      id={parameterId(name)}
      size="xs"
      inputMode={BOUNDS[name].integer ? 'numeric' : 'decimal'}
      autoComplete="off"
      {...(placeholder && { placeholder })}
      value={held?.text ?? typed ?? (value === null ? '' : String(value))}
      error={held?.fault}
      errorProps={{ role: 'alert' }}
      onChange={(event) => type(event.currentTarget.value)}
      onBlur={() => setTyped(null)}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
        event.preventDefault();
        nudge((event.key === 'ArrowUp' ? step : -step) * (event.shiftKey ? 10 : 1));
      }}
      classNames={{ root: classes.field ?? '', input: classes.number ?? '', error: classes.fault ?? '' }}
    />
  );
}

function SeedRow({
  seed,
  faults,
  onFault,
  onChange,
}: { seed: number | null; onChange: (seed: number | null) => void } & Pick<Props, 'faults' | 'onFault'>) {
  return (
    <div className={classes.seed} data-changed={seed !== null || undefined}>
      <Tooltip label={BOUNDS.seed.description} position="left">
        <label htmlFor={parameterId('seed')}>
          <code>seed</code>
        </label>
      </Tooltip>
      <NumberField name="seed" value={seed} step={1} placeholder="random each time" faults={faults} onFault={onFault} onChange={onChange} />
      {seed !== null && (
        <Button variant="subtle" color="gray" onClick={() => onChange(null)}>
          Random
        </Button>
      )}
    </div>
  );
}

/** `\n` typed as two characters means the newline. */
function unescapeText(text: string): string {
  return text.replace(/\\n/g, '\n').replace(/\\t/g, '\t');
}

function StopPill({ text, onRemove }: { text: string; onRemove: (() => void) | undefined }) {
  return (
    <button type="button" className={classes.pill} aria-label={`Remove stop string ${text}`} onClick={onRemove}>
      <code>{visible(text)}</code> ×
    </button>
  );
}
