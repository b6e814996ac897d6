/** A value of any shape, typed as JSON. */
import { Textarea } from '@mantine/core';
import { jsonFault } from '../../../environment/json-fault.ts';
import { useValidity } from '../entry/validity.ts';
import type { ControlProps } from './form-context.ts';
import classes from './form.module.css';
import type { FieldOf } from './model.ts';
import { useTypedText } from './typed-text.ts';
import { useFault } from './use-fault.tsx';

export function JsonControl({ value, onChange, required, ...where }: ControlProps<FieldOf<'json'>>) {
  const typed = useTypedText(value, value === undefined ? '' : JSON.stringify(value, null, 2));
  const broken = typed.isTyped && typed.text.trim() !== '' ? jsonFault(typed.text) : null;
  const complaint = broken === null ? undefined : `This is no JSON: ${broken}.`;
  const ref = useValidity<HTMLTextAreaElement>(complaint);
  const { entry, said } = useFault(where, { complaint });

  const type = (text: string) => {
    const isGone = text.trim() === '';
    const next: unknown = isGone ? undefined : jsonFault(text) === null ? JSON.parse(text) : value;
    typed.type(text, next);
    if (next !== value) onChange(next);
  };

  return (
    <>
      <Textarea
        ref={ref}
        value={typed.text}
        autosize
        minRows={1}
        maxRows={10}
        placeholder={required ? 'JSON' : 'left out'}
        classNames={{ input: classes.mono ?? '' }}
        spellCheck={false}
        {...entry}
        onChange={(event) => type(event.currentTarget.value)}
        onBlur={() => {
          if (complaint === undefined) typed.settle();
        }}
      />
      {said}
    </>
  );
}
