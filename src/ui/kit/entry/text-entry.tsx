/** A text to be typed that may be none of its kind: said at the field once it was touched or was to be sent, in the words of every other field. */
import { Textarea, type TextareaProps, TextInput, type TextInputProps } from '@mantine/core';
import { type ChangeEvent, type ChangeEventHandler, type ReactNode, useState } from 'react';
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
  return <TextInput autoComplete="off" {...rest} {...useEntry<HTMLInputElement>({ complaint, path, name }, rest)} />;
}

export function LongTextEntry({ complaint, path, name, ...rest }: TextareaProps & Entry) {
  return <Textarea {...rest} {...useEntry<HTMLTextAreaElement>({ complaint, path, name }, rest)} />;
}

type Own<E> = Parameters<typeof nameOf>[1] & { error?: ReactNode; onChange?: ChangeEventHandler<E> | undefined };

function useEntry<E extends HTMLInputElement | HTMLTextAreaElement>({ complaint, path, name }: Entry, props: Own<E>) {
  const [isTouched, setTouched] = useState(false);
  const called = nameOf(name, props);
  const own = complaint ? `${called} ${complaint}` : undefined;
  const ref = useValidity<E>(own);
  const fault = useFault(path, called, own !== undefined);
  return {
    ref,
    error: (isTouched ? own : undefined) ?? fault ?? props.error,
    onInvalid: () => setTouched(true),
    onChange: (event: ChangeEvent<E>) => {
      setTouched(true);
      props.onChange?.(event);
    },
  };
}

/** What a field is called where no name is given. */
export function nameOf(name: string | undefined, { label, 'aria-label': hidden }: { label?: unknown; 'aria-label'?: string | undefined }) {
  return name ?? (typeof label === 'string' ? label : (hidden ?? 'This field'));
}
