/** Chooses the control for a kind of field. */
import { ArrayControl } from './array-control.tsx';
import type { ControlProps } from './form-context.ts';
import { JsonControl } from './json-control.tsx';
import { ObjectControl } from './object-fields.tsx';
import { BooleanControl, EnumControl, NumberControl, StringControl } from './scalar-controls.tsx';
import { UnionControl } from './union-control.tsx';

export function Control({ field, ...props }: ControlProps) {
  switch (field.kind) {
    case 'string':
      return <StringControl field={field} {...props} />;
    case 'number':
      return <NumberControl field={field} {...props} />;
    case 'boolean':
      return <BooleanControl field={field} {...props} />;
    case 'enum':
      return <EnumControl field={field} {...props} />;
    case 'array':
      return <ArrayControl field={field} {...props} />;
    case 'union':
      return <UnionControl field={field} {...props} />;
    case 'object':
      return <ObjectControl field={field} {...props} />;
    case 'json':
      return <JsonControl field={field} {...props} />;
    case 'const':
      return <code>{JSON.stringify(field.value)}</code>;
  }
}
