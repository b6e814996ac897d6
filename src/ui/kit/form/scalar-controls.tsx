/** Controls for strings, numbers, booleans and enums; what is left out shows its default and is not sent. */
import { NativeSelect, SegmentedControl, Switch, Textarea, TextInput } from '@mantine/core';
import { numberWithin } from '../../../contract/index.ts';
import { parseNumber, readNumber } from '../entry/number-text.ts';
import { stepKeys } from '../entry/step-keys.ts';
import { faultSentence } from '../problem/problem-parts.ts';
import { isWithin } from './bounds.ts';
import type { ControlProps } from './form-context.ts';
import classes from './form.module.css';
import type { FieldOf } from './model.ts';
import { TooLong } from './too-long.tsx';
import { useTypedText } from './typed-text.ts';
import { useFault } from './use-fault.tsx';

/** Options of up to this many characters together lie open side by side. */
const OPEN_CHARACTERS = 18;
/** A field that grows with its text is laid out anew with each letter. */
const MAX_CHARACTERS = 100_000;

export function StringControl({ field, value, onChange, required, ...where }: ControlProps<FieldOf<'string'>>) {
  const { entry, said } = useFault(where);
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  const placeholder = typeof field.default === 'string' ? field.default : required ? '' : 'left out';
  const change = (next: string) => onChange(next === '' && !required ? undefined : next);
  const shared = {
    value: text,
    placeholder,
    classNames: { input: classes.mono ?? '' },
    spellCheck: false,
    ...entry,
  };
  const oneLine = field.pattern !== undefined || (field.maxLength ?? Number.POSITIVE_INFINITY) <= 256 || typeof field.default === 'string';
  if (text.length > MAX_CHARACTERS) return <TooLong {...where} text={`${text.length.toLocaleString('en')} characters`} />;
  return (
    <>
      {oneLine ? (
        <TextInput {...shared} onChange={(event) => change(event.currentTarget.value)} />
      ) : (
        <Textarea {...shared} autosize minRows={1} maxRows={10} onChange={(event) => change(event.currentTarget.value)} />
      )}
      {said}
    </>
  );
}

export function NumberControl({ field, required: _, ...props }: ControlProps<FieldOf<'number'>>) {
  const { value, pointer } = props;
  const { input, said, type } = useTypedText<HTMLInputElement>({
    ...props,
    written: typeof value === 'number' ? String(value) : value === undefined ? '' : JSON.stringify(value),
    // What is out of bounds can be sent: the answer says so.
    read: (text) => {
      const number = text.trim() === '' ? undefined : parseNumber(text);
      if (text.trim() === '' || number !== undefined) return { value: number };
      const read = readNumber(numberWithin({ whole: field.integer }), text);
      return 'fault' in read ? { complaint: faultSentence({ path: pointer, message: read.fault }) } : read;
    },
  });
  const nudge = (by: number) => {
    const from = typeof value === 'number' ? value : typeof field.default === 'number' ? field.default : 0;
    const next = Number((from + by).toPrecision(12));
    if (isWithin(field, next)) type(String(next));
  };
  return (
    <>
      <TextInput
        inputMode={field.integer ? 'numeric' : 'decimal'}
        placeholder={typeof field.default === 'number' ? String(field.default) : 'left out'}
        classNames={{ input: classes.mono ?? '' }}
        {...input}
        onKeyDown={stepKeys(field.integer ? 1 : 0.1, nudge)}
      />
      {said}
    </>
  );
}

export function BooleanControl(props: ControlProps<FieldOf<'boolean'>>) {
  const { field, value, onChange, required, ...where } = props;
  const { aria, said } = useFault(where);
  // A switch has no third state, which is what a field is in that is left out and says nothing of its default.
  if (!required && typeof field.default !== 'boolean')
    return <EnumControl {...props} field={{ ...field, kind: 'enum', options: [true, false] }} />;
  const on = typeof value === 'boolean' ? value : field.default === true;
  return (
    <>
      <Switch
        checked={on}
        label={<code>{String(on)}</code>}
        {...aria}
        onChange={(event) => onChange(event.currentTarget.checked)}
        classNames={{ root: classes.switch ?? '' }}
      />
      {said}
    </>
  );
}

/** The value of what is left out, among the options. */
const LEFT_OUT = '';

export function EnumControl({ field, value, onChange, required, ...where }: ControlProps<FieldOf<'enum'>>) {
  const { aria, entry, said } = useFault(where);
  const options = field.options.map((option) => ({ value: JSON.stringify(option), label: String(option) }));
  const effective = value ?? field.default;
  const current = effective === undefined ? LEFT_OUT : JSON.stringify(effective);
  const isFree = !required && field.default === undefined;
  const shown = isFree ? [{ value: LEFT_OUT, label: 'left out' }, ...options] : options;
  const choose = (chosen: string) => onChange(chosen === LEFT_OUT ? undefined : (JSON.parse(chosen) as unknown));
  const isKnown = shown.some((option) => option.value === current);
  if (isKnown && shown.reduce((sum, { label }) => sum + label.length, 0) <= OPEN_CHARACTERS) {
    return (
      <>
        <SegmentedControl fullWidth data={shown} value={current} onChange={choose} {...aria} />
        {said}
      </>
    );
  }
  const extra = isKnown ? [] : [{ value: current, label: current === LEFT_OUT ? 'choose' : current }];
  return (
    <>
      <NativeSelect
        data={[...extra, ...shown]}
        value={current}
        onChange={(event) => choose(event.currentTarget.value)}
        {...entry}
        classNames={{ input: classes.mono ?? '' }}
      />
      {said}
    </>
  );
}
