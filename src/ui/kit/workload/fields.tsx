/** The few kinds of field that the workload form is made of. */
import { Tooltip } from '@mantine/core';
import { NumberEntry } from '../entry/number-entry.tsx';

interface NumberProps {
  label: string;
  /** As sentences call it, where the label stands below another one. */
  name?: string;
  /** JSON Pointer into the input. */
  path?: string;
  help?: string;
  value: number;
  onChange: (value: number) => void;
  min?: number;
  max?: number;
  whole?: boolean;
  suffix?: string;
}

export function NumberField({ label, name = label, path, help = '', value, onChange, min = 0, max = 1_000_000, ...rest }: NumberProps) {
  return (
    <Tooltip label={help} disabled={help === ''}>
      <NumberEntry label={label} name={name} path={path} min={min} max={max} {...rest} value={value} onChange={onChange} />
    </Tooltip>
  );
}
