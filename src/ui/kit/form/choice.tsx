/** One of a few values, open side by side or folded into a list, with what the chosen one means below it. */
import { SegmentedControl } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { useFault } from '../entry/form-faults.tsx';
import { useSaidBelow } from '../entry/said-below.tsx';
import { SelectEntry } from '../entry/select-entry.tsx';
import { FieldLabel, FieldNote } from '../layout/fields.tsx';
import type { FieldOf } from './model.ts';

/** What the service or the panel says of a field. */
export interface FieldOwn {
  /** Those that there are now. */
  options?: readonly string[];
  note?: ReactNode;
  /** Said below the line that it ends. */
  below?: ReactNode;
  /** What is so while it is left out. */
  standing?: string | number | undefined;
  /** In place of a control made of the contract. */
  draw?: ReactNode;
}

interface ChoiceProps {
  path: string;
  field: FieldOf<'enum'>;
  isOptional: boolean;
  value: unknown;
  onChange: (value: unknown) => void;
  own: FieldOwn | undefined;
  name: string;
  label: ReactNode;
}

export function Choice({ path, name, label, field, isOptional, value, onChange, own }: ChoiceProps) {
  const { titles = {}, options: meanings = {}, control, empty = 'left out' } = field.hints ?? {};
  const options = (own?.options ?? field.options.map(String)).map((option) => ({ value: option, label: titles[option] ?? option }));
  const chosen = (value ?? field.default ?? '') as string;
  const meaning = meanings[chosen];
  const note = own?.note ?? (meaning && `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`);
  const said = note !== undefined && note !== '' && <FieldNote>{note}</FieldNote>;
  if (control === 'segments' && !isOptional) return <Segments {...{ path, name, label, options, chosen, onChange, said }} />;
  const list = (
    <SelectEntry
      {...{ path, name, label }}
      data={isOptional ? [{ value: '', label: String(own?.standing ?? empty) }, ...options] : options}
      value={chosen}
      onChange={({ currentTarget }) => onChange(currentTarget.value || undefined)}
    />
  );
  return said ? (
    <div>
      {list}
      {said}
    </div>
  ) : (
    list
  );
}

interface SegmentsProps extends Pick<ChoiceProps, 'path' | 'onChange'> {
  name: string;
  label: ReactNode;
  options: readonly { value: string; label: string }[];
  chosen: string;
  said: ReactNode;
}

function Segments({ path, name, label, options, chosen, onChange, said }: SegmentsProps) {
  const id = useId();
  const { aria, said: wrong } = useSaidBelow(useFault(path, name));
  return (
    <div>
      <FieldLabel id={id}>{label}</FieldLabel>
      <SegmentedControl
        fullWidth
        aria-labelledby={id}
        {...aria}
        data={options.map((option) => ({ ...option, label: option.label.replaceAll('_', ' ') }))}
        value={chosen}
        onChange={onChange}
      />
      {wrong}
      {said}
    </div>
  );
}
