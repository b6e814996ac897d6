/** A choice of the page's own list that an answer may still refuse: said at the field. */
import { NativeSelect, type NativeSelectProps } from '@mantine/core';
import { useFault } from './form-faults.tsx';
import { nameOf } from './text-entry.tsx';

export function SelectEntry({ name, path, ...rest }: NativeSelectProps & { name?: string; path: string }) {
  const fault = useFault(path, nameOf(name, rest));
  return <NativeSelect {...rest} error={fault} />;
}
