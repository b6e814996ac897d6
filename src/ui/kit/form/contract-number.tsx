/** A number of an endpoint's input: its label, unit, bounds and description are those of the contract. */
import { Tooltip } from '@mantine/core';
import { type ComponentProps, useMemo } from 'react';
import type { z } from 'zod';
import { NumberEntry } from '../entry/number-entry.tsx';
import { fieldAt } from './field-at.ts';

type Entry = ComponentProps<typeof NumberEntry>;
type Own<E> = E extends unknown ? Omit<E, 'min' | 'max' | 'above' | 'below' | 'whole' | 'suffix' | 'path'> : never;

type Props = Own<Entry> & {
  /** The input that the form sends. */
  of: z.ZodType;
  /** Where the number stands in it. */
  path: string;
  /** Where the last sending had it, if that is elsewhere or nowhere. */
  sentAt?: { path: string | undefined };
  /** The least that this form can use of what the contract takes. */
  least?: number;
};

export function ContractNumber({ of, path, sentAt, least, label, name, value, onChange, ...rest }: Props) {
  const field = useMemo(() => fieldAt(of, path), [of, path]);
  if (field.kind !== 'number') throw new Error(`${path} is no number.`);
  const { minimum = -Infinity, exclusiveMinimum, maximum, exclusiveMaximum, integer, description = '', hints = {} } = field;
  const { scale = 1, unit = '', step, empty } = hints;
  const own = path.slice(path.lastIndexOf('/') + 1);
  const scaled = (number: number) => Number((number * scale).toPrecision(12));
  const unscaled = (number: number) => Number((integer ? Math.round(number / scale) : number / scale).toPrecision(12));
  const props = {
    name: name ?? hints.label ?? own,
    path: sentAt ? sentAt.path : path,
    whole: integer && scale === 1,
    suffix: unit,
    ...(label !== undefined ? { label } : rest['aria-label'] === undefined && { label: hints.label ?? own }),
    min: scaled(Math.max(minimum, least ?? minimum)),
    ...(exclusiveMinimum !== undefined && { above: scaled(exclusiveMinimum) }),
    ...(maximum !== undefined && { max: scaled(maximum) }),
    ...(exclusiveMaximum !== undefined && { below: scaled(exclusiveMaximum) }),
    ...(step !== undefined && { step }),
    ...('optional' in rest && rest.optional === true && empty !== undefined && { placeholder: empty }),
    ...rest,
    value: value === null ? null : scaled(value),
    onChange: (next: number | null) => (onChange as (value: number | null) => void)(next === null ? null : unscaled(next)),
  } as Entry;
  return (
    <Tooltip label={description} disabled={description === ''}>
      <NumberEntry {...props} />
    </Tooltip>
  );
}
