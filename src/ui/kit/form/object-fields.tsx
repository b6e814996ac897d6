/** The properties of an object, small ones side by side. */
import { Button } from '@mantine/core';
import { useId } from 'react';
import { below, drawnNames } from './faults.ts';
import { FieldRow } from './field-row.tsx';
import type { ControlProps } from './form-context.ts';
import classes from './form.module.css';
import { type FieldOf, isRecord } from './model.ts';
import { useFault } from './use-fault.tsx';

interface Props {
  field: FieldOf<'object'>;
  value: unknown;
  onChange: (value: Record<string, unknown>) => void;
  pointer: string;
}

export function ObjectFields({ field, value, onChange, pointer }: Props) {
  const record = isRecord(value) ? value : {};
  const set = (name: string, next: unknown) => {
    if (next === undefined) {
      const { [name]: _, ...rest } = record;
      onChange(rest);
    } else {
      onChange({ ...record, [name]: next });
    }
  };
  return (
    <div className={classes.grid}>
      {drawnNames(field, value).map((name) => {
        const property = field.properties.find((candidate) => candidate.name === name);
        const own = { onChange: (next: unknown) => set(name, next), pointer: below(pointer, name) };
        return property ? (
          <FieldRow key={name} {...property} {...own} value={record[name]} />
        ) : (
          <UnknownField key={name} name={name} {...own} />
        );
      })}
    </div>
  );
}

interface Unknown {
  name: string;
  pointer: string;
  onChange: (value: undefined) => void;
}

/** A field of the JSON that the contract does not have: there is no control for it, and sending it is refused. */
function UnknownField({ name, pointer, onChange }: Unknown) {
  const id = useId();
  const { group, said } = useFault({ pointer, labelledBy: id, describedBy: '' });
  return (
    <div className={classes.row} data-wide data-set data-pointer={pointer} role="group" {...group}>
      <div className={classes.head}>
        <span id={id} className={classes.name}>
          {name}
        </span>
        <Button size="compact-xs" variant="default" aria-label={`Remove ${name}`} onClick={() => onChange(undefined)}>
          Remove
        </Button>
      </div>
      {said || <p className={classes.nothing}>The form has no field for it; it is sent as the JSON has it.</p>}
    </div>
  );
}

/** An object inside another, set off by an edge. */
export function ObjectControl({ field, value, onChange, required: _, ...where }: ControlProps<FieldOf<'object'>>) {
  const { pointer } = where;
  const held = drawnNames(field, value).map((name) => below(pointer, name));
  const { group, said } = useFault(where, { held });
  return (
    <fieldset className={classes.nested} {...group}>
      {said}
      <ObjectFields field={field} value={value} onChange={onChange} pointer={pointer} />
    </fieldset>
  );
}
