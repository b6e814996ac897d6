/** One property: its name, what it may be, its control, what it means; and whether it is sent at all. */
import { ActionIcon, Tooltip } from '@mantine/core';
import { useId } from 'react';
import { unitOf } from '../format.ts';
import { Icon } from '../icons.tsx';
import { Prose } from '../prose.tsx';
import { boundsText } from './bounds.ts';
import { useForm } from './form-context.ts';
import classes from './form.module.css';
import { type Property, typeName } from './model.ts';

interface Props extends Property {
  value: unknown;
  onChange: (value: unknown) => void;
  pointer: string;
}

/** Kinds that are at home in half a row. */
const SMALL = new Set(['number', 'boolean', 'enum']);

export function FieldRow({ name, field, required, value, onChange, pointer }: Props) {
  const id = useId();
  const { Control } = useForm();
  const isSet = value !== undefined;
  const small = SMALL.has(field.kind) || (field.kind === 'string' && (field.maxLength ?? Number.POSITIVE_INFINITY) <= 256);
  return (
    <div className={classes.row} data-wide={!small || undefined} data-set={isSet || required || undefined} data-pointer={pointer}>
      <div className={classes.head}>
        <span id={`${id}-name`} className={classes.name}>
          {name}
          {required && <span className={classes.required} title="required" role="img" aria-label=", required" />}
        </span>
        <span className={classes.meta}>
          <span className={classes.type}>
            {[hint(name, field), field.kind === 'union' ? '' : boundsText(field)].filter(Boolean).join(' · ')}
          </span>
          {isSet && !required && (
            <Tooltip label={field.default !== undefined ? `Back to the default (${JSON.stringify(field.default)})` : 'Leave out'}>
              <ActionIcon size={18} aria-label={`Leave out ${name}`} onClick={() => onChange(undefined)}>
                <Icon name="undo" size={12} />
              </ActionIcon>
            </Tooltip>
          )}
        </span>
      </div>
      <Control
        field={field}
        value={value}
        onChange={onChange}
        pointer={pointer}
        required={required}
        labelledBy={`${id}-name`}
        describedBy={`${id}-about`}
      />
      <div id={`${id}-about`} className={classes.about}>
        {field.description !== undefined && (
          <p>
            <Prose text={field.description} />
          </p>
        )}
      </div>
    </div>
  );
}

function hint(name: string, field: Property['field']): string {
  switch (field.kind) {
    case 'number':
      return unitOf(name) ?? (field.integer ? 'integer' : '');
    case 'string':
    case 'array':
    case 'json':
      return typeName(field);
    default:
      return '';
  }
}
