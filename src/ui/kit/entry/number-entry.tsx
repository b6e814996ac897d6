/** A number to be typed: taken as JSON or a person writes it, said at the field when it is none, never replaced in silence by the one before. */
import { TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';
import { numberWithin } from '../../../contract/index.ts';
import { useFault } from './form-faults.tsx';
import { parseNumber, readNumber } from './number-text.ts';
import { stepKeys } from './step-keys.ts';
import { nameOf } from './text-entry.tsx';
import { useValidity } from './validity.ts';

interface Common extends Omit<TextInputProps, 'value' | 'onChange' | 'min' | 'max' | 'step' | 'inputWrapperOrder'> {
  /** What is wrong stands last. */
  inputWrapperOrder?: ('label' | 'input' | 'description')[];
  /** As the sentence calls the field: its label, unless that is no plain text. */
  name?: string;
  /** JSON Pointer of what it becomes in the input that its form sends. */
  path?: string | undefined;
  min?: number;
  /** Bounds that are themselves left out. */
  above?: number;
  below?: number;
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
    name,
    path,
    min = -Infinity,
    above,
    below,
    max = Infinity,
    step = 1,
    whole = false,
    suffix,
    value,
    onChange,
    error,
    onBlur,
    onKeyDown,
    inputWrapperOrder,
    ...rest
  } = props;
  const { optional: isOptional = false, ...shared } = rest as typeof rest & { optional?: boolean };
  // What is typed stands until it is left, unless the value is changed from elsewhere meanwhile.
  const [draft, setDraft] = useState<{ text: string; value: number | null }>();
  const isDrafting = draft !== undefined && draft.value === value;
  const text = isDrafting ? draft.text : value === null ? '' : String(value);
  const called = nameOf(name, shared);
  const complaint = isDrafting ? complaintAbout(text) : undefined;
  const ref = useValidity<HTMLInputElement>(complaint);
  const fault = useFault(path, called, complaint !== undefined);

  function complaintAbout(written: string): string | undefined {
    if (isOptional && written.trim() === '') return undefined;
    const read = readNumber(numberWithin({ minimum: min, maximum: max, above, below, whole }), written);
    return 'fault' in read ? `${called} ${read.fault}` : undefined;
  }
  const type = (next: string) => {
    const isTaken = complaintAbout(next) === undefined;
    const number = isTaken ? (parseNumber(next) ?? null) : value;
    setDraft({ text: next, value: number });
    if (isTaken && number !== value) (onChange as Optional['onChange'])(number);
  };
  const nudge = (by: number) => {
    const next = Math.min(max, Math.max(min, Number(((value ?? 0) + by).toPrecision(12))));
    if ((above === undefined || next > above) && (below === undefined || next < below)) type(String(next));
  };

  return (
    <TextInput
      {...shared}
      ref={ref}
      value={text}
      inputMode={whole ? 'numeric' : 'decimal'}
      autoComplete="off"
      error={complaint ?? fault ?? error}
      {...(inputWrapperOrder && { inputWrapperOrder: [...inputWrapperOrder, 'error' as const] })}
      {...(suffix !== undefined && suffix !== '' && { rightSection: suffix.trim() })}
      onChange={(event) => type(event.currentTarget.value)}
      onBlur={(event) => {
        if (complaint === undefined) setDraft(undefined);
        onBlur?.(event);
      }}
      onKeyDown={(event) => {
        onKeyDown?.(event);
        stepKeys(step, nudge)(event);
      }}
    />
  );
}
