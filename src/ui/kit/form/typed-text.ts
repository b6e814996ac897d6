/** What is being typed need not be a value yet ("-", "1e", `{"a":`), nor be written as the value is ("1.0"): it stands until the value is another one. */
import { type FocusEvent, useState } from 'react';
import { useValidity } from '../entry/validity.ts';
import type { ControlProps } from './form-context.ts';
import { useFault } from './use-fault.tsx';

type Read = { value: unknown } | { complaint: string };

interface Control extends Pick<ControlProps, 'value' | 'onChange' | 'pointer' | 'labelledBy' | 'describedBy'> {
  /** As the value is written. */
  written: string;
  /** What a text stands for, or why for nothing; that of nothing is what is left out. */
  read: (text: string) => Read;
}

/**
 * A control that keeps a text while it is wrong, says what is wrong, and lets the form not be sent meanwhile.
 * @returns what its input takes, what is to be put below it, and how to write into it
 */
export function useTypedText<E extends HTMLInputElement | HTMLTextAreaElement>({ value, onChange, written, read, ...where }: Control) {
  const [typed, setTyped] = useState<{ text: string; value: unknown }>();
  // What was typed for another value is gone: another example was chosen, or the field left out.
  const text = typed !== undefined && typed.value === value ? typed.text : null;
  const now = text === null ? null : read(text);
  const complaint = now !== null && 'complaint' in now ? now.complaint : undefined;
  const ref = useValidity<E>(complaint);
  const { entry, said } = useFault(where, { complaint });
  const type = (next: string) => {
    const result = read(next);
    const taken = 'complaint' in result ? value : result.value;
    setTyped({ text: next, value: taken });
    if (taken !== value) onChange(taken);
  };
  const input = {
    ...entry,
    ref,
    value: text ?? written,
    onChange: (event: { currentTarget: E }) => type(event.currentTarget.value),
    onBlur: (_: FocusEvent) => {
      if (complaint === undefined) setTyped(undefined);
    },
  };
  return { input, said, type };
}
