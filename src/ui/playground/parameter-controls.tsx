/** The parameters of a generation as compact rows: a slider over the usual range, a field for the whole range of the contract. */
import { Button, SegmentedControl, Slider, Switch, TagsInput, TextInput, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { useActivePatches } from '../kit/code/use-active-patches.ts';
import { useFault } from '../kit/entry/form-faults.tsx';
import { stepKeys } from '../kit/entry/step-keys.ts';
import { nearestWithin } from '../kit/form/bounds.ts';
import type { Field, FieldOf } from '../kit/form/model.ts';
import { visible } from '../kit/model/token-text.ts';
import {
  DEFAULT_PARAMETERS,
  type FlagName,
  type NumberFaults,
  NUMBERS,
  type NumericName,
  parameterId,
  type Parameters,
  PARTS,
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

export function ParameterControls(props: Props) {
  const { parameters, onChange, onFault } = props;
  const preset = presetOf(parameters);
  const samplerPatched = useActivePatches().some(({ id }) => id === 'sampler');
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
      {PARTS.map(({ title, fields }) => (
        <FieldGroup key={title} title={title}>
          {title === 'Sampling' && samplerPatched && (
            <p className={classes.note}>
              The <a href="#/code/sampler">patched sampler</a> chooses the tokens; it may heed these values or not.
            </p>
          )}
          {fields.map(({ name, field }) => (
            <Parameter key={name} {...props} name={name} field={field} />
          ))}
        </FieldGroup>
      ))}
    </div>
  );
}

/** A control by the kind of the field. */
function Parameter({ name, field, parameters, onChange, faults, onFault, context }: Props & { name: keyof Parameters; field: Field }) {
  switch (field.kind) {
    case 'number': {
      const own = { faults, onFault, name: name as NumericName, value: parameters[name as NumericName] };
      const change = (value: number | null) => onChange({ [name]: value });
      if (own.value === null || !field.hints?.usual) return <FreeRow {...own} onChange={change} />;
      return <NumberRow {...own} value={own.value} longest={name === 'max_new_tokens' ? (context ?? 512) : Infinity} onChange={change} />;
    }
    case 'array':
      return <TextsRow name={name as 'stop'} field={field} texts={parameters.stop} onChange={(stop) => onChange({ stop })} />;
    case 'boolean':
      return (
        <Tooltip label={field.description}>
          <Switch
            id={parameterId(name)}
            className={classes.switch}
            labelPosition="left"
            label={<code>{name}</code>}
            checked={parameters[name as FlagName]}
            onChange={(event) => onChange({ [name]: event.currentTarget.checked })}
          />
        </Tooltip>
      );
    default:
      throw new Error(`The playground has no control for ${name}.`);
  }
}

interface RowProps {
  name: NumericName;
  /** What the slider need not go beyond. */
  longest: number;
  value: number;
  faults: NumberFaults;
  onChange: (value: number | null) => void;
  onFault: Props['onFault'];
}

function NumberRow({ name, longest, value, faults, onChange, onFault }: RowProps) {
  const { hints, description, minimum, exclusiveMinimum, maximum } = NUMBERS[name];
  const [from = 0, most = 1] = hints?.usual ?? [];
  const to = Math.min(most, longest);
  const standard = DEFAULT_PARAMETERS[name];
  const explained = [
    description,
    `${minimum === undefined ? `above ${exclusiveMinimum}` : `from ${minimum}`}${maximum === undefined ? '' : ` to ${maximum}`}, ${standard} when left out`,
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
        step={hints?.step ?? 1}
        value={Math.min(to, Math.max(from, value))}
        onChange={(next) => {
          onFault(name, null);
          onChange(next);
        }}
        label={null}
        ref={leaveTabOrder}
        className={classes.slider ?? ''}
      />
      <NumberField name={name} value={value} faults={faults} onFault={onFault} onChange={(next) => onChange(next ?? standard)} />
    </div>
  );
}

/** Mantine makes each thumb a tab stop and takes no other word on it. */
const leaveTabOrder = (slider: HTMLDivElement | null) => slider?.querySelector('[role="slider"]')?.setAttribute('tabindex', '-1');

interface FieldProps {
  name: NumericName;
  value: number | null;
  faults: NumberFaults;
  onFault: Props['onFault'];
  onChange: (value: number | null) => void;
}

/** Takes what the contract takes, as it is typed; anything else stays, with the reason. */
function NumberField({ name, value, faults, onFault, onChange }: FieldProps) {
  // "0." and "1e" are on their way to a number; a number keeps the form in which it is typed.
  const [typed, setTyped] = useState<string | null>(null);
  const held = faults[name];
  const refused = useFault(`/${name}`, name);
  const { integer, hints = {} } = NUMBERS[name];
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
    const next = nearestWithin(NUMBERS[name], Number(((value ?? 0) + by).toPrecision(12)));
    if (next !== null) type(String(next));
  };
  return (
    <TextInput
      id={parameterId(name)}
      size="xs"
      inputMode={integer ? 'numeric' : 'decimal'}
      autoComplete="off"
      {...(hints.empty !== undefined && { placeholder: hints.empty })}
      value={held?.text ?? typed ?? (value === null ? '' : String(value))}
      error={held?.fault ?? refused}
      errorProps={{ role: 'alert' }}
      onChange={(event) => type(event.currentTarget.value)}
      onBlur={() => setTyped(null)}
      onKeyDown={stepKeys(hints.step ?? 1, nudge)}
      classNames={{ root: classes.field ?? '', input: classes.number ?? '', error: classes.fault ?? '' }}
    />
  );
}

/** Of a number that has no usual range, such as a seed. */
function FreeRow({ name, value, onChange, ...rest }: FieldProps) {
  return (
    <div className={classes.seed} data-changed={value !== null || undefined}>
      <Tooltip label={NUMBERS[name].description} position="left">
        <label htmlFor={parameterId(name)}>
          <code>{name}</code>
        </label>
      </Tooltip>
      <NumberField name={name} value={value} onChange={onChange} {...rest} />
      {value !== null && (
        <Button variant="subtle" color="gray" onClick={() => onChange(null)}>
          Random
        </Button>
      )}
    </div>
  );
}

interface TextsProps {
  name: 'stop';
  field: FieldOf<'array'>;
  texts: string[];
  onChange: (texts: string[]) => void;
}

function TextsRow({ name, field: { maxItems, hints }, texts, onChange }: TextsProps) {
  const refused = useFault(`/${name}`, name);
  return (
    <TagsInput
      size="xs"
      id={parameterId(name)}
      label={<code>{name}</code>}
      classNames={{ label: classes.label ?? '' }}
      placeholder={texts.length === 0 ? (hints?.empty ?? '') : ''}
      value={texts}
      error={refused}
      onChange={(next) => onChange(next.map(unescapeText))}
      renderPill={({ value, onRemove }) => <StopPill text={String(value)} onRemove={onRemove} />}
      {...(maxItems !== undefined && { maxTags: maxItems })}
      splitChars={[]}
      acceptValueOnBlur
    />
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
