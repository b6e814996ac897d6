/** A text to be typed that may be none of its kind: said at the field once it was touched or was to be sent, in the words of every other field. */
import { Textarea, type TextareaProps, TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';
import { useFault } from './form-faults.tsx';
import { useValidity } from './validity.ts';

interface Entry {
  /** As the sentence calls the field: its label, unless that is no plain text. */
  name?: string | undefined;
  /** JSON Pointer of what it becomes in the input that its form sends. */
  path?: string | undefined;
  /** What can be said of the field without asking: `must be owner/name; it is "x".` */
  complaint?: string | null | undefined;
}

export function TextEntry({ complaint, path, name, ...rest }: TextInputProps & Entry) {
  const { ref, error, events } = useEntry<HTMLInputElement>(complaint, path, nameOf(name, rest));
  return (
    <TextInput
      autoComplete="off"
      {...rest}
      ref={ref}
      error={error ?? rest.error}
      onInvalid={events.touch}
      onChange={(event) => {
        events.touch();
        rest.onChange?.(event);
      }}
    />
  );
}

export function LongTextEntry({ complaint, path, name, ...rest }: TextareaProps & Entry) {
  const { ref, error, events } = useEntry<HTMLTextAreaElement>(complaint, path, nameOf(name, rest));
  return (
    <Textarea
      {...rest}
      ref={ref}
      error={error ?? rest.error}
      onInvalid={events.touch}
      onChange={(event) => {
        events.touch();
        rest.onChange?.(event);
      }}
    />
  );
}

function useEntry<E extends HTMLInputElement | HTMLTextAreaElement>(
  complaint: string | null | undefined,
  path: string | undefined,
  name: string,
) {
  const [isTouched, setTouched] = useState(false);
  const own = complaint ? `${name} ${complaint}` : undefined;
  const ref = useValidity<E>(own);
  const fault = useFault(path, name, own !== undefined);
  return { ref, error: (isTouched ? own : undefined) ?? fault, events: { touch: () => setTouched(true) } };
}

/** What a field is called where no name is given. */
export function nameOf(name: string | undefined, { label, 'aria-label': hidden }: { label?: unknown; 'aria-label'?: string | undefined }) {
  return name ?? (typeof label === 'string' ? label : (hidden ?? 'This field'));
}
