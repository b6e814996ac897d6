/** A value of any shape, typed as JSON. */
import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { useValidity } from '../../kit/validity.ts';
import type { ControlProps } from './form-context.ts';
import classes from './form.module.css';
import type { FieldOf } from './model.ts';

export function JsonControl({ value, onChange, required, labelledBy, describedBy, error }: ControlProps<FieldOf<'json'>>) {
  const [draft, setDraft] = useState<string>();
  const [complaint, setComplaint] = useState<string>();
  const ref = useValidity<HTMLTextAreaElement>(complaint);
  const shown = value === undefined ? '' : JSON.stringify(value, null, 2);

  const type = (text: string) => {
    setDraft(text);
    if (text.trim() === '') {
      setComplaint(undefined);
      onChange(undefined);
      return;
    }
    try {
      onChange(JSON.parse(text));
      setComplaint(undefined);
    } catch (error) {
      setComplaint(error instanceof Error ? error.message : 'No JSON yet.');
    }
  };

  return (
    <Textarea
      ref={ref}
      value={draft ?? shown}
      autosize
      minRows={1}
      maxRows={10}
      placeholder={required ? 'JSON' : 'left out'}
      error={complaint ?? error}
      classNames={{ input: classes.mono ?? '', error: classes.error ?? '' }}
      spellCheck={false}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      onChange={(event) => type(event.currentTarget.value)}
      onBlur={() => {
        if (complaint === undefined) setDraft(undefined);
      }}
    />
  );
}
