/** The properties of an object, small ones side by side. */
import { Button } from '@mantine/core';
import { FieldRow } from './field-row.tsx';
import { type ControlProps, useForm } from './form-context.ts';
import classes from './form.module.css';
import { type FieldOf, isRecord } from './model.ts';

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
      {field.properties.map((property) =>
        // A constant is chosen by its variant; there is nothing to fill in.
        property.field.kind === 'const' ? null : (
          <FieldRow
            key={property.name}
            {...property}
            value={record[property.name]}
            onChange={(next) => set(property.name, next)}
            pointer={`${pointer}/${escapePointer(property.name)}`}
          />
        ),
      )}
      {Object.keys(record)
        .filter((name) => !field.properties.some((property) => property.name === name))
        .map((name) => (
          <UnknownField key={name} name={name} pointer={`${pointer}/${escapePointer(name)}`} onRemove={() => set(name, undefined)} />
        ))}
    </div>
  );
}

/** A field of the JSON that the contract does not have: there is no control for it, and sending it is refused. */
function UnknownField({ name, pointer, onRemove }: { name: string; pointer: string; onRemove: () => void }) {
  const { errors } = useForm();
  return (
    <div className={classes.row} data-wide data-set data-pointer={pointer}>
      <div className={classes.head}>
        <span className={classes.name}>{name}</span>
        <Button size="compact-xs" variant="default" aria-label={`Remove ${name}`} onClick={onRemove}>
          Remove
        </Button>
      </div>
      <p className={classes.error}>{errors.get(pointer) ?? `${name} is no field here.`}</p>
    </div>
  );
}

/** An object inside another, set off by an edge. */
export function ObjectControl({ labelledBy, ...props }: ControlProps<FieldOf<'object'>>) {
  return (
    <fieldset className={classes.nested} aria-labelledby={labelledBy}>
      <ObjectFields field={props.field} value={props.value} onChange={props.onChange} pointer={props.pointer} />
    </fieldset>
  );
}

/** RFC 6901. */
const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
