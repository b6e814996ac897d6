/** Lists: numbers as one line of text, files by choosing them, everything else as rows to add and remove. */
import { ActionIcon, Button, Textarea } from '@mantine/core';
import { Icon } from '../icons.tsx';
import { parseNumbers } from '../entry/number-text.ts';
import { type ControlProps, useForm } from './form-context.ts';
import { below } from './faults.ts';
import { FilesControl, isFileList } from './files-control.tsx';
import classes from './form.module.css';
import { blank, type FieldOf, typeName } from './model.ts';
import { TooLong } from './too-long.tsx';
import { useTypedText } from './typed-text.ts';
import { useFault } from './use-fault.tsx';

/** More rows than this are edited as JSON. */
const MAX_ROWS = 50;
/** A text field of more numbers stops the page while it is laid out. */
const MAX_NUMBERS = 5000;

export function ArrayControl(props: ControlProps<FieldOf<'array'>>) {
  const { field, value } = props;
  if (Array.isArray(value) && value.length > (field.item.kind === 'number' ? MAX_NUMBERS : MAX_ROWS))
    return <TooLong {...props} text={`${value.length.toLocaleString('en')} items`} />;
  if (field.item.kind === 'number') return <NumbersControl {...props} />;
  if (isFileList(field)) return <FilesControl {...props} />;
  return <RowsControl key={Array.isArray(value) ? 'set' : 'unset'} {...props} />;
}

function NumbersControl({ field: _, required, ...props }: ControlProps<FieldOf<'array'>>) {
  const { value } = props;
  const { input, said } = useTypedText<HTMLTextAreaElement>({
    ...props,
    // What is no list of numbers came as JSON: it is shown, and what is wrong with it said.
    written: value === undefined ? '' : listText(value),
    read: (text) => {
      const numbers = parseNumbers(text);
      if (!numbers) return { complaint: 'Numbers are wanted here, with commas or spaces between them.' };
      return { value: numbers.length === 0 && !required ? undefined : numbers };
    },
  });
  return (
    <>
      <Textarea
        autosize
        minRows={1}
        maxRows={6}
        placeholder={required ? 'numbers, with commas or spaces' : 'left out'}
        classNames={{ input: classes.mono ?? '' }}
        {...input}
      />
      {said}
    </>
  );
}

function listText(value: unknown): string {
  if (!Array.isArray(value)) return JSON.stringify(value);
  return value.map((item) => (typeof item === 'number' ? String(item) : JSON.stringify(item))).join(', ');
}

function RowsControl({ field, value, onChange, pointer, labelledBy, describedBy }: ControlProps<FieldOf<'array'>>) {
  const { Control } = useForm();
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  const held = items.map((_, index) => below(pointer, index));
  const { group, said } = useFault({ pointer, labelledBy, describedBy }, { held });
  const full = field.maxItems !== undefined && items.length >= field.maxItems;
  return (
    <fieldset className={classes.rows} {...group}>
      {items.map((item, index) => (
        <div key={index} className={classes.item} data-pointer={held[index]}>
          <span className={classes.index}>{index}</span>
          <div className={classes.itemControl}>
            <Control
              field={field.item}
              value={item}
              onChange={(next) => onChange(items.with(index, next ?? blank(field.item)))}
              pointer={held[index] ?? pointer}
              required
              labelledBy={labelledBy}
              describedBy={describedBy}
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
      {said}
    </fieldset>
  );
}
