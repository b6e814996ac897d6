/** A number to be typed: taken as JSON or a person writes it, said at the field when it is none, never replaced in silence by the one before. */
import { TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';
import { parseNumber } from './number-text.ts';
import { useValidity } from './validity.ts';

interface Common extends Omit<TextInputProps, 'value' | 'onChange' | 'min' | 'max' | 'step'> {
  min?: number;
  /** A bound that is itself left out. */
  above?: number;
  max?: number;
  step?: number;
  whole?: boolean;
  /** Its unit. */
  suffix?: string;
}
interface Needed extends Common {
  optional?: false;
  value: number;
  onChange: (value: number) => void;
}
interface Optional extends Common {
  /** May be left empty. */
  optional: true;
  value: number | null;
  onChange: (value: number | null) => void;
}

export function NumberEntry(props: Needed | Optional) {
  const {
    min = -Infinity,
    above = -Infinity,
    max = Infinity,
    step = 1,
    whole = false,
    suffix,
    value,
    onChange,
    error,
    onBlur,
    onKeyDown,
    ...rest
  } = props;
  const { optional: isOptional = false, ...shared } = rest as typeof rest & { optional?: boolean };
  // What is typed stands until it is left, unless the value is changed from elsewhere meanwhile.
  const [draft, setDraft] = useState<{ text: string; value: number | null }>();
  const isDrafting = draft !== undefined && draft.value === value;
  const text = isDrafting ? draft.text : value === null ? '' : String(value);
  const complaint = isDrafting ? complaintAbout(text) : undefined;
  const ref = useValidity<HTMLInputElement>(complaint);

  function complaintAbout(written: string): string | undefined {
    if (written.trim() === '') return isOptional ? undefined : 'A number is needed.';
    const number = parseNumber(written);
    if (number === undefined) return 'This is no number. Write it as 12, 0.5 or 1e-4.';
    if (whole && !Number.isInteger(number)) return 'A whole number is needed.';
    if (number <= above) return `It must be above ${above}.`;
    if (number < min) return `It must be at least ${min}.`;
    return number > max ? `It must be at most ${max}.` : undefined;
  }
  const type = (next: string) => {
    const number = next.trim() === '' ? null : (parseNumber(next) ?? value);
    const isTaken = complaintAbout(next) === undefined;
    setDraft({ text: next, value: isTaken ? number : value });
    if (isTaken && number !== value) (onChange as Optional['onChange'])(number);
  };
  const nudge = (by: number) => {
    const next = Math.min(max, Math.max(min, Number(((value ?? 0) + by).toPrecision(12))));
    if (next > above) type(String(next));
  };

  return (
    <TextInput
      {...shared}
      ref={ref}
      value={text}
      inputMode={whole ? 'numeric' : 'decimal'}
      autoComplete="off"
      error={complaint ?? error}
      {...(suffix !== undefined && suffix !== '' && { rightSection: suffix.trim() })}
      onChange={(event) => type(event.currentTarget.value)}
      onBlur={(event) => {
        if (complaint === undefined) setDraft(undefined);
        onBlur?.(event);
      }}
      onKeyDown={(event) => {
        onKeyDown?.(event);
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
        event.preventDefault();
        nudge((event.key === 'ArrowUp' ? step : -step) * (event.shiftKey ? 10 : 1));
      }}
    />
  );
}
