/** For what is several controls or none of Mantine's: what is wrong with it stands below it and is tied to it. */
import { Input } from '@mantine/core';
import { useId } from 'react';

/** `aria` is for what the fault is of, `said` is to be put below that. */
export function useSaidBelow(fault: string | undefined) {
  const id = useId();
  return {
    aria: fault === undefined ? {} : { 'aria-invalid': true as const, 'aria-describedby': id },
    said: fault !== undefined && (
      <Input.Error id={id} size="xs" mt={4}>
        {fault}
      </Input.Error>
    ),
  };
}
