/** A form for any endpoint: drawn from its field model, holding no state of its own, so that the JSON view is the same thing. */
import { useMemo } from 'react';
import type { ErrorItem } from '../../../contract/index.ts';
import { Control } from './control.tsx';
import { drawnNames } from './faults.ts';
import { FormContext } from './form-context.ts';
import classes from './form.module.css';
import type { Field } from './model.ts';
import { ObjectFields } from './object-fields.tsx';

interface Props {
  field: Field;
  value: unknown;
  onChange: (value: unknown) => void;
  /** What is wrong with the value; `isSaidInForm` tells which of it has a place here. */
  faults: readonly ErrorItem[];
}

export function SchemaForm({ field, value, onChange, faults }: Props) {
  const form = useMemo(() => ({ Control, faults }), [faults]);
  if (field.kind !== 'object') return null;
  if (drawnNames(field, value).length === 0) return <p className={classes.nothing}>This endpoint takes no input.</p>;
  return (
    <FormContext value={form}>
      <ObjectFields field={field} value={value} onChange={onChange} pointer="" />
    </FormContext>
  );
}

/** Puts the focus on the field that a JSON Pointer names, or on the nearest one around it. */
export function focusField(pointer: string): boolean {
  // What is no pointer has no part to go up to.
  for (let at = pointer; at; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    const row = document.querySelector(`[data-pointer="${CSS.escape(at)}"]`);
    if (!row) continue;
    row.scrollIntoView({ block: 'center' });
    const control =
      row.querySelector<HTMLElement>('input:not([type="hidden"]), textarea, select') ?? row.querySelector<HTMLElement>('button');
    control?.focus({ preventScroll: true });
    return true;
  }
  return false;
}
