/** A number of an endpoint's input: its label, unit, bounds and description are those of the contract. */
import { Tooltip } from '@mantine/core';
import { type ComponentProps, useMemo } from 'react';
import type { z } from 'zod';
import { type FormHints, IN_FORMS } from '../../../contract/in-forms.ts';
import { NumberEntry } from '../entry/number-entry.tsx';
import { fieldAt } from './field-at.ts';

type Entry = ComponentProps<typeof NumberEntry>;
type Own<E> = E extends unknown ? Omit<E, 'min' | 'max' | 'above' | 'whole' | 'suffix' | 'path'> : never;

type Props = Own<Entry> & {
  /** The input that the form sends. */
  of: z.ZodType;
  /** Where the number stands in it. */
  path: string;
  /** Where the last sending had it, if that is elsewhere or nowhere. */
  sentAt?: { path: string | undefined };
  /** The form holds so many times what it sends: 100 for percent. */
  scale?: number;
  /** The unit in which the form holds it, where that is another one. */
  unit?: string;
};

export function ContractNumber({ of, path, sentAt, scale = 1, unit, label, name, ...rest }: Props) {
  const field = useMemo(() => fieldAt(of, path), [of, path]);
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum, type, description = '' } = field;
  const hints: FormHints = field[IN_FORMS] ?? {};
  const own = path.slice(path.lastIndexOf('/') + 1);
  const called = name ?? hints.label ?? own;
  const scaled = (bound: number) => Number((bound * scale).toPrecision(12));
  const props = {
    name: called,
    path: sentAt ? sentAt.path : path,
    whole: type === 'integer' && scale === 1,
    suffix: unit ?? hints.unit ?? '',
    ...(label !== undefined ? { label } : rest['aria-label'] === undefined && { label: hints.label ?? own }),
    ...(minimum !== undefined && { min: scaled(minimum) }),
    ...(exclusiveMinimum !== undefined && { above: scaled(exclusiveMinimum) }),
    ...(maximum !== undefined && { max: scaled(maximum) }),
    ...(exclusiveMaximum !== undefined && { below: scaled(exclusiveMaximum) }),
    ...(hints.step !== undefined && { step: hints.step }),
    ...('optional' in rest && rest.optional === true && hints.empty !== undefined && { placeholder: hints.empty }),
    ...rest,
  } as Entry;
  return (
    <Tooltip label={description} disabled={description === ''}>
      <NumberEntry {...props} />
    </Tooltip>
  );
}
