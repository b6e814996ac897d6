/** Chooses the control for a kind of field. */
import { ArrayControl } from './array-control.tsx';
import type { ControlProps } from './form-context.ts';
import { JsonControl } from './json-control.tsx';
import type { FieldOf } from './model.ts';
import { ObjectControl } from './object-fields.tsx';
import { BooleanControl, EnumControl, NumberControl, StringControl } from './scalar-controls.tsx';
import { UnionControl } from './union-control.tsx';
import { useFault } from './use-fault.tsx';

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
      return <Constant field={field} {...props} />;
  }
}

/** There is nothing to choose; what came as JSON may still be something else. */
function Constant({ field, ...where }: ControlProps<FieldOf<'const'>>) {
  const { said } = useFault(where);
  return (
    <>
      <code>{JSON.stringify(field.value)}</code>
      {said}
    </>
  );
}
