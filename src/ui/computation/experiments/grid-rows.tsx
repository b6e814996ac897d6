/** The fields of the plan that an experiment fixes or varies: choices as chips, all else as a list that is written. */
import { ActionIcon, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { boundsText } from '../../kit/form/bounds.ts';
import type { Field } from '../../kit/form/model.ts';
import { useFault } from '../../kit/entry/form-faults.tsx';
import { useSaidBelow } from '../../kit/entry/said-below.tsx';
import { Icon } from '../../kit/icons.tsx';
import { Prose } from '../../kit/prose.tsx';
import { useValidity } from '../../kit/entry/validity.ts';
import type { FieldValues } from './draft.ts';
import { type GridValue, valueText } from './experiment.ts';
import classes from './experiments.module.css';
import { defaultOf, gridPath, optionsOf, PLAN_FIELDS, type PlanField, planField, readValues, writeValues } from './plan-fields.ts';
import { Chips } from '../../kit/layout/chips.tsx';

interface Props {
  rows: readonly FieldValues[];
  kernels: readonly string[];
  onChange: (rows: readonly FieldValues[]) => void;
}

export function GridRows({ rows, kernels, onChange }: Props) {
  const free = PLAN_FIELDS.filter((name) => !rows.some(({ field }) => field === name));
  return (
    <div className={classes.rows}>
      {rows.map(({ field, values, written }, i) => (
        <GridRow
          key={field}
          name={field}
          field={planField(field, kernels)}
          values={values}
          written={written}
          onChange={(next, text) => onChange(rows.with(i, { field, values: next, ...(text !== undefined && { written: text }) }))}
          onRemove={() => onChange(rows.toSpliced(i, 1))}
        />
      ))}
      {free.length > 0 && (
        <NativeSelect
          aria-label="Add a field of the plan"
          data={[{ value: '', label: 'Add a field of the plan …' }, ...free]}
          value=""
          onChange={({ currentTarget }) => {
            const name = currentTarget.value as PlanField;
            if (PLAN_FIELDS.includes(name)) onChange([...rows, { field: name, values: [defaultOf(name)] }]);
          }}
        />
      )}
    </div>
  );
}

interface RowProps {
  name: PlanField;
  field: Field;
  values: readonly GridValue[];
  /** What stands there where that is no list of values. */
  written: string | undefined;
  onChange: (values: readonly GridValue[], written?: string) => void;
  onRemove: () => void;
}

function GridRow({ name, field, values, written, onChange, onRemove }: RowProps) {
  const options = optionsOf(field);
  const standing =
    written !== undefined && written.trim() !== ''
      ? 'no list of values'
      : values.length === 0 || written !== undefined
        ? 'no value'
        : values.length === 1
          ? 'fixed'
          : `${values.length} values`;
  return (
    <fieldset className={classes.row}>
      <legend>
        <code>{name}</code> <small data-bad={values.length === 0 || written !== undefined || undefined}>{standing}</small>
      </legend>
      <ActionIcon size={20} className={classes.remove ?? ''} aria-label={`Remove ${name}`} onClick={onRemove}>
        <Icon name="close" size={12} />
      </ActionIcon>
      {options ? (
        <Choices name={name} options={options} values={values} onChange={onChange} />
      ) : (
        <ListInput name={name} field={field} values={values} written={written} onChange={onChange} />
      )}
      {field.description !== undefined && field.description !== '' && (
        <p className={classes.about}>
          <Prose text={firstSentence(field.description)} />
        </p>
      )}
    </fieldset>
  );
}

const firstSentence = (text: string): string => text.split(/(?<=\.)\s/)[0] ?? text;

function Choices({ name, options, values, onChange }: { options: readonly GridValue[] } & Pick<RowProps, 'name' | 'values' | 'onChange'>) {
  const { aria, said } = useSaidBelow(useRowFault(name));
  const chosen = new Set(values.map(valueText));
  // What is chosen and not on offer here, such as a kernel of another version, can be seen and taken away.
  const all = [...options, ...values.filter((value) => !options.some((option) => valueText(option) === valueText(value)))];
  return (
    <>
      <Chips aria-label={`Values of ${name}`} {...aria}>
        {all.map((option) => (
          <button
            key={valueText(option)}
            type="button"
            aria-pressed={chosen.has(valueText(option))}
            onClick={() => onChange(all.filter((each) => chosen.has(valueText(each)) !== (valueText(each) === valueText(option))))}
          >
            {valueText(option)}
          </button>
        ))}
      </Chips>
      {said}
    </>
  );
}

/** One value alone is a field of the plan, several are one of the grid. */
function useRowFault(name: PlanField): string | undefined {
  const [inGrid, inPlan] = [useFault(gridPath(name), name), useFault(`/plan/${name}`, name)];
  return inGrid ?? inPlan;
}

function ListInput({ name, field, values, written, onChange }: Pick<RowProps, 'name' | 'field' | 'values' | 'written' | 'onChange'>) {
  // As it is typed, until it is left: the values may be written otherwise.
  const [draft, setDraft] = useState<string>();
  const text = draft ?? written ?? writeValues(field, values);
  const read = readValues(field, text);
  const fault = useRowFault(name);
  const complaint = 'fault' in read ? `${name} ${read.fault}` : undefined;
  const ref = useValidity<HTMLInputElement>(complaint);
  return (
    <TextInput
      ref={ref}
      aria-label={`Values of ${name}`}
      value={text}
      placeholder={field.kind === 'json' ? '[{}]' : `values with commas, ${boundsText(field) || 'any'}`}
      error={complaint ?? fault}
      classNames={{ input: 'gb-mono' }}
      spellCheck={false}
      onChange={({ currentTarget: { value } }) => {
        setDraft(value);
        const next = readValues(field, value);
        if ('values' in next) onChange(next.values);
        else onChange(values, value);
      }}
      onBlur={() => setDraft(undefined)}
    />
  );
}
