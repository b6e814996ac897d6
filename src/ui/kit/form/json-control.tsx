/** A value of any shape, typed as JSON. */
import { Textarea } from '@mantine/core';
import { jsonFault } from '../../../environment/json-fault.ts';
import type { ControlProps } from './form-context.ts';
import classes from './form.module.css';
import type { FieldOf } from './model.ts';
import { useTypedText } from './typed-text.ts';

export function JsonControl({ field: _, required, ...props }: ControlProps<FieldOf<'json'>>) {
  const { value } = props;
  const { input, said } = useTypedText<HTMLTextAreaElement>({
    ...props,
    written: value === undefined ? '' : JSON.stringify(value, null, 2),
    read: (text) => {
      if (text.trim() === '') return { value: undefined };
      const fault = jsonFault(text);
      return fault === null ? { value: JSON.parse(text) as unknown } : { complaint: `This is no JSON: ${fault}.` };
    },
  });
  return (
    <>
      <Textarea
        autosize
        minRows={1}
        maxRows={10}
        placeholder={required ? 'JSON' : 'left out'}
        classNames={{ input: classes.mono ?? '' }}
        spellCheck={false}
        {...input}
      />
      {said}
    </>
  );
}
