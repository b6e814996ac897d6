/** Controls for strings, numbers, booleans and enums; what is left out shows its default and is not sent. */
import { NativeSelect, SegmentedControl, Switch, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { parseNumber } from '../../kit/number-text.ts';
import { useValidity } from '../../kit/validity.ts';
import { isWithin } from './bounds.ts';
import type { ControlProps } from './form-context.ts';
import classes from './form.module.css';
import type { FieldOf } from './model.ts';

const NO_NUMBER = 'This is no number. Write it as 12, 0.5 or 1e-4.';
/** Options of up to this many characters together lie open side by side. */
const OPEN_CHARACTERS = 18;
/** A field that grows with its text is laid out anew with each letter. */
const MAX_CHARACTERS = 100_000;

export function StringControl({ field, value, onChange, required, labelledBy, describedBy, error }: ControlProps<FieldOf<'string'>>) {
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  const placeholder = typeof field.default === 'string' ? field.default : required ? '' : 'left out';
  const change = (next: string) => onChange(next === '' && !required ? undefined : next);
  const shared = {
    value: text,
    placeholder,
    error,
    classNames: { input: classes.mono ?? '', error: classes.error ?? '' },
    'aria-labelledby': labelledBy,
    'aria-describedby': describedBy,
    spellCheck: false,
  };
  const oneLine = field.pattern !== undefined || (field.maxLength ?? Number.POSITIVE_INFINITY) <= 256 || typeof field.default === 'string';
  if (text.length > MAX_CHARACTERS)
    return <p className={classes.nothing}>{text.length.toLocaleString('en')} characters: edit them as JSON.</p>;
  return oneLine ? (
    <TextInput {...shared} onChange={(event) => change(event.currentTarget.value)} />
  ) : (
    <Textarea
      {...shared}
      classNames={{ error: classes.error ?? '' }}
      autosize
      minRows={1}
      maxRows={10}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}

export function NumberControl({ field, value, onChange, labelledBy, describedBy, error }: ControlProps<FieldOf<'number'>>) {
  // What is typed need not be a number yet ("-", "1e"), nor written as the value is ("1.0"): it stands until it is left.
  const [draft, setDraft] = useState<{ text: string; value: unknown }>();
  const isDrafting = draft !== undefined && draft.value === value;
  const shown = typeof value === 'number' ? String(value) : value === undefined ? '' : JSON.stringify(value);
  const text = isDrafting ? draft.text : shown;
  const isBroken = isDrafting && text.trim() !== '' && parseNumber(text) === undefined;
  const complaint = isBroken ? NO_NUMBER : undefined;
  const ref = useValidity<HTMLInputElement>(complaint);

  const type = (next: string) => {
    const number = parseNumber(next);
    const isGone = next.trim() === '';
    setDraft({ text: next, value: isGone ? undefined : (number ?? value) });
    if (isGone) onChange(undefined);
    else if (number !== undefined) onChange(number);
  };
  const nudge = (by: number) => {
    const from = typeof value === 'number' ? value : typeof field.default === 'number' ? field.default : 0;
    const next = Number((from + by).toPrecision(12));
    if (isWithin(field, next)) type(String(next));
  };
  const step = field.integer ? 1 : 0.1;

  return (
    <TextInput
      ref={ref}
      value={text}
      inputMode={field.integer ? 'numeric' : 'decimal'}
      placeholder={typeof field.default === 'number' ? String(field.default) : 'left out'}
      error={complaint ?? error}
      classNames={{ input: classes.mono ?? '', error: classes.error ?? '' }}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      onChange={(event) => type(event.currentTarget.value)}
      onBlur={() => {
        if (!isBroken) setDraft(undefined);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
        event.preventDefault();
        nudge((event.key === 'ArrowUp' ? step : -step) * (event.shiftKey ? 10 : 1));
      }}
    />
  );
}

export function BooleanControl({ field, value, onChange, labelledBy, describedBy }: ControlProps<FieldOf<'boolean'>>) {
  const on = typeof value === 'boolean' ? value : field.default === true;
  return (
    <Switch
      checked={on}
      label={<code>{String(on)}</code>}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      onChange={(event) => onChange(event.currentTarget.checked)}
      classNames={{ root: classes.switch ?? '' }}
    />
  );
}

export function EnumControl({ field, value, onChange, labelledBy, describedBy, required }: ControlProps<FieldOf<'enum'>>) {
  const options = field.options.map((option) => ({ value: JSON.stringify(option), label: String(option) }));
  const effective = value ?? field.default;
  const current = effective === undefined ? '' : JSON.stringify(effective);
  const choose = (chosen: string) => onChange(chosen === '' ? undefined : (JSON.parse(chosen) as unknown));
  const isKnown = options.some((option) => option.value === current);
  if (isKnown && options.reduce((sum, { label }) => sum + label.length, 0) <= OPEN_CHARACTERS) {
    return (
      <SegmentedControl
        fullWidth
        data={options}
        value={current}
        onChange={choose}
        aria-labelledby={labelledBy}
        aria-describedby={describedBy}
      />
    );
  }
  const extra = isKnown ? [] : [{ value: current, label: current === '' ? (required ? 'choose' : 'left out') : current }];
  return (
    <NativeSelect
      data={[...extra, ...options]}
      value={current}
      onChange={(event) => choose(event.currentTarget.value)}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      classNames={{ input: classes.mono ?? '' }}
    />
  );
}
