/** Lists: numbers as one line of text, files by choosing them, everything else as rows to add and remove. */
import { ActionIcon, Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { Icon } from '../../kit/icons.tsx';
import { parseNumbers } from '../../kit/number-text.ts';
import { useValidity } from '../../kit/validity.ts';
import { type ControlProps, useForm } from './form-context.ts';
import { FilesControl, isFileList } from './files-control.tsx';
import classes from './form.module.css';
import { blank, type FieldOf, typeName } from './model.ts';

/** More rows than this are edited as JSON. */
const MAX_ROWS = 50;
/** A text field of more numbers stops the page while it is laid out. */
const MAX_NUMBERS = 5000;

export function ArrayControl(props: ControlProps<FieldOf<'array'>>) {
  const { field, value } = props;
  if (Array.isArray(value) && value.length > (field.item.kind === 'number' ? MAX_NUMBERS : MAX_ROWS))
    return <p className={classes.nothing}>{value.length.toLocaleString('en')} items: edit them as JSON.</p>;
  if (field.item.kind === 'number') return <NumbersControl {...props} />;
  if (isFileList(field)) return <FilesControl {...props} />;
  return <RowsControl key={Array.isArray(value) ? 'set' : 'unset'} {...props} />;
}

function NumbersControl({ value, onChange, required, labelledBy, describedBy, error }: ControlProps<FieldOf<'array'>>) {
  const [draft, setDraft] = useState<string>();
  const shown = Array.isArray(value) ? value.join(', ') : '';
  const complaint = draft !== undefined && parseNumbers(draft) === undefined ? 'Numbers, with commas or spaces between them.' : undefined;
  const ref = useValidity<HTMLTextAreaElement>(complaint);
  return (
    <Textarea
      ref={ref}
      value={draft ?? shown}
      autosize
      minRows={1}
      maxRows={6}
      placeholder={required ? 'numbers, with commas or spaces' : 'left out'}
      error={complaint ?? error}
      classNames={{ input: classes.mono ?? '', error: classes.error ?? '' }}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setDraft(text);
        const numbers = parseNumbers(text);
        if (numbers) onChange(numbers.length === 0 && !required ? undefined : numbers);
      }}
      onBlur={() => {
        if (complaint === undefined) setDraft(undefined);
      }}
    />
  );
}

function RowsControl({ field, value, onChange, pointer, labelledBy, describedBy }: ControlProps<FieldOf<'array'>>) {
  const { Control, errors } = useForm();
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  const full = field.maxItems !== undefined && items.length >= field.maxItems;
  return (
    <fieldset className={classes.rows} aria-labelledby={labelledBy}>
      {items.map((item, index) => (
        <div key={index} className={classes.item} data-pointer={`${pointer}/${index}`}>
          <span className={classes.index}>{index}</span>
          <div className={classes.itemControl}>
            <Control
              field={field.item}
              value={item}
              onChange={(next) => onChange(items.with(index, next ?? blank(field.item)))}
              pointer={`${pointer}/${index}`}
              required
              labelledBy={labelledBy}
              describedBy={describedBy}
              error={errors.get(`${pointer}/${index}`)}
            />
          </div>
          <ActionIcon size={24} aria-label={`Remove item ${index}`} onClick={() => onChange(items.toSpliced(index, 1))}>
            <Icon name="close" size={12} />
          </ActionIcon>
        </div>
      ))}
      <Button
        size="compact-xs"
        variant="default"
        disabled={full}
        leftSection={<Icon name="plus" size={12} />}
        className={classes.add ?? ''}
        onClick={() => onChange([...items, blank(field.item)])}
      >
        Add {field.item.kind === 'object' ? 'item' : typeName(field.item)}
      </Button>
    </fieldset>
  );
}
