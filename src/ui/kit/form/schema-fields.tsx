/** Fields of an input as the contract describes them: which there are, their labels, units, bounds, choices, parts and order are its own. */
import { Switch, Tooltip } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';
import type { z } from 'zod';
import { useFault } from '../entry/form-faults.tsx';
import { FieldGroup, FieldNote, Pair } from '../layout/fields.tsx';
import { Choice, type FieldOwn } from './choice.tsx';
import { ContractNumber } from './contract-number.tsx';
import { type FormField, formFields } from './form-fields.ts';
import classes from './form.module.css';
import { changed, heldAt } from './held.ts';
import type { Field } from './model.ts';

interface FieldsProps<T extends object> {
  /** The input that the form sends. */
  of: z.ZodType;
  /** Where in it the form's value stands. */
  at?: string;
  /** What the form holds: what is left out of it is left out. */
  value: T;
  onChange: (value: T) => void;
  /** One part of the form, under its title; those without one where left out. */
  group?: string;
  /** What the service or the panel says of single fields. */
  own?: Readonly<Record<string, FieldOwn>>;
  /** Every field has a value. */
  whole?: boolean;
  /** Numbers are called as in the API. */
  byName?: boolean;
  /** As sentences call what the fields belong to. */
  within?: string;
}

export function SchemaFields<T extends object>({ of, at = '', value, onChange, group, own = {}, whole = false, ...rest }: FieldsProps<T>) {
  const fields = formFields(of, at, value).filter((field) => field.group === group);
  const draw = (field: FormField) => (
    <SchemaField
      key={field.place}
      {...rest}
      of={of}
      path={`${at}/${field.place}`}
      field={field.field}
      isOptional={field.isOptional && !whole}
      own={own[field.place]}
      value={heldAt(value, field.place)}
      onChange={(next) => onChange(changed(value, field, next))}
    />
  );
  // What belongs to something else shares its line.
  if (rest.within !== undefined) return fields.map(draw);
  const lines = inLines(fields, ({ place, field }) => isNarrow(field, own[place])).map((line) => {
    const drawn = line.fields.map(draw);
    const notes = line.fields.flatMap(({ place }) => own[place]?.below ?? []);
    return (
      <Fragment key={line.fields[0]?.place}>
        {line.isNarrow ? <Pair>{drawn}</Pair> : drawn}
        {notes.length > 0 && <FieldNote>{notes}</FieldNote>}
      </Fragment>
    );
  });
  return group === undefined ? lines : <FieldGroup title={group}>{lines}</FieldGroup>;
}

interface Line {
  isNarrow: boolean;
  fields: FormField[];
}

/** Narrow ones that follow each other stand side by side. */
function inLines(fields: readonly FormField[], narrow: (field: FormField) => boolean): Line[] {
  const lines: Line[] = [];
  for (const field of fields) {
    const last = lines.at(-1);
    if (last && last.isNarrow === narrow(field)) last.fields.push(field);
    else lines.push({ isNarrow: narrow(field), fields: [field] });
  }
  return lines;
}

/** Whether it is at home in half a line. */
function isNarrow(field: Field, own: FieldOwn | undefined): boolean {
  const { control, options, titles } = field.hints ?? {};
  // With titles, options are words that want room.
  if (field.kind === 'enum') return own?.note === undefined && control !== 'segments' && !options && !titles;
  return field.kind === 'number' || (field.kind === 'array' && field.item.kind === 'number');
}

interface Props {
  of: z.ZodType;
  path: string;
  field: Field;
  isOptional: boolean;
  value: unknown;
  onChange: (value: unknown) => void;
  own?: FieldOwn | undefined;
  byName?: boolean;
  within?: string;
}

function SchemaField({ of, path, field, isOptional, value, onChange, own, byName = false, within }: Props) {
  if (own && 'draw' in own) return own.draw;
  const key = path.slice(path.lastIndexOf('/') + 1);
  const isByName = byName && field.kind === 'number';
  const called = isByName ? key : (field.hints?.label ?? key);
  const name = within === undefined || field.kind === 'enum' ? called : `${within}, ${called},`;
  const label = isByName ? <code>{key}</code> : called;
  switch (field.kind) {
    case 'number':
      return (
        <ContractNumber
          {...(isOptional && { optional: true })}
          {...{ of, path, name, label }}
          {...(own?.standing !== undefined && { placeholder: String(own.standing) })}
          value={(value ?? field.default ?? null) as number}
          onChange={(next: number | null) => onChange(next ?? undefined)}
        />
      );
    case 'enum':
      return <Choice {...{ path, name, label, field, isOptional, value, onChange, own }} />;
    case 'boolean':
      return <Flag {...{ path, name, label, field, value, onChange }} />;
    case 'union':
      return (
        <div className={classes.variant}>
          <SchemaFields of={of} at={path} within={called} value={(value ?? {}) as object} onChange={onChange} />
        </div>
      );
    default:
      throw new Error(`There is no control for ${path}: the form draws it.`);
  }
}

type FlagProps = Pick<Props, 'path' | 'field' | 'value' | 'onChange'> & { name: string; label: ReactNode };

function Flag({ path, name, label, field: { description, ...field }, value, onChange }: FlagProps) {
  const fault = useFault(path, name);
  return (
    <Tooltip label={description} disabled={description === undefined}>
      <Switch
        label={label}
        error={fault}
        checked={(value ?? field.default) === true}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
    </Tooltip>
  );
}
