/** Numbers by name that a service tells of: the parameters of a policy or a kernel, with their bounds and what they mean. */
import { Tooltip } from '@mantine/core';
import { NumberEntry } from '../entry/number-entry.tsx';

interface Parameter {
  name: string;
  description?: string;
  minimum?: number | null;
  maximum?: number | null;
  whole?: boolean;
  /** What stands in the field where it may be left out. */
  empty?: string;
}

interface Props {
  /** JSON Pointer of all of them. */
  at: string;
  parameters: readonly Parameter[];
  values: Readonly<Record<string, number | null>>;
  onChange: (values: Record<string, number>) => void;
}

export function ParameterEntries({ at, parameters, values, onChange }: Props) {
  const set = (name: string, value: number | null) => onChange({ ...values, [name]: value } as Record<string, number>);
  return parameters.map(({ name, description = '', minimum, maximum, whole = false, empty }) => {
    const common = {
      label: <code>{name}</code>,
      ...{ name, path: `${at}/${name}`, whole },
      ...(typeof minimum === 'number' && { min: minimum }),
      ...(typeof maximum === 'number' && { max: maximum }),
    };
    return (
      <Tooltip key={name} label={description} disabled={description === ''}>
        {empty === undefined ? (
          <NumberEntry {...common} value={values[name] ?? 0} onChange={(value) => set(name, value)} />
        ) : (
          <NumberEntry {...common} optional placeholder={empty} value={values[name] ?? null} onChange={(value) => set(name, value)} />
        )}
      </Tooltip>
    );
  });
}
