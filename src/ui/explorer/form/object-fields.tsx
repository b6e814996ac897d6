/** The properties of an object, small ones side by side. */
import { FieldRow } from './field-row.tsx';
import type { ControlProps } from './form-context.ts';
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
