/** A value that a form holds: its parts by place, and what is sent of it. */
import { type Field, isRecord, variantOf } from './model.ts';
import type { FormField } from './form-fields.ts';

/** @param place `seed`, `slo/ttft_ms` */
export const heldAt = (value: unknown, place: string): unknown =>
  place.split('/').reduce((part, name) => (isRecord(part) ? part[name] : undefined), value);

/** With a field changed; `undefined` leaves it out, and the object that it brought or that holds nothing else. */
export function changed<T extends object>(value: T, { place, brings }: Pick<FormField, 'place' | 'brings'>, next: unknown): T {
  const [name = '', inner] = place.split('/');
  const { [name]: held, ...others } = value as Record<string, unknown>;
  if (inner === undefined) return (next === undefined ? others : { ...value, [name]: next }) as T;
  if (brings && next === undefined) return others as T;
  const { [inner]: _, ...beside } = isRecord(held) ? held : (brings ?? {});
  const part = next === undefined ? beside : { ...beside, [inner]: next };
  return (Object.keys(part).length > 0 ? { ...others, [name]: part } : others) as T;
}

/** What a field sends of what it holds: of the fields of several variants those that the chosen one has. */
export function sentOf(field: Field, value: unknown): unknown {
  if (!isRecord(value)) return value;
  if (field.kind === 'union') {
    const variant = field.variants[variantOf(field, value)];
    return variant ? sentOf(variant.field, value) : value;
  }
  if (field.kind !== 'object') return value;
  return Object.fromEntries(
    field.properties.flatMap(({ name, field: own }) => (value[name] === undefined ? [] : [[name, sentOf(own, value[name])]])),
  );
}
