/** What a field allows, in a few characters, and whether a value keeps to it; sending what does not is still possible. */
import { withMinus } from '../format.ts';
import type { Field, FieldOf } from './model.ts';

/** "100 k", "1 M", "4 294 967 295". */
function count(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e15) return value.toExponential(0);
  if (size >= 1e6 && value % 1e6 === 0) return `${value / 1e6}\u202fM`;
  if (size >= 1e4 && value % 1e3 === 0) return `${value / 1e3}\u202fk`;
  return withMinus(value.toLocaleString('en').replaceAll(',', '\u202f'));
}

/** "1 – 100 k", "≥ 0", "> 0, ≤ 1", "≤ 128 characters", "1 – 64 items". */
export function boundsText(field: Field): string {
  switch (field.kind) {
    case 'number':
      return numberBounds(field);
    case 'string':
      return range(field.minLength, field.maxLength, 'characters');
    case 'array':
      return range(field.minItems, field.maxItems, 'items');
    default:
      return '';
  }
}

function numberBounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: FieldOf<'number'>): string {
  if (minimum !== undefined && maximum !== undefined) return `${count(minimum)} – ${count(maximum)}`;
  return [
    minimum !== undefined && `≥ ${count(minimum)}`,
    exclusiveMinimum !== undefined && `> ${count(exclusiveMinimum)}`,
    maximum !== undefined && `≤ ${count(maximum)}`,
    exclusiveMaximum !== undefined && `< ${count(exclusiveMaximum)}`,
  ]
    .filter(Boolean)
    .join(', ');
}

function range(min: number | undefined, max: number | undefined, noun: string): string {
  if (min !== undefined && max !== undefined) return `${count(min)} – ${count(max)} ${noun}`;
  if (max !== undefined) return `≤ ${count(max)} ${noun}`;
  if (min !== undefined && min > 0) return min === 1 ? 'not empty' : `≥ ${count(min)} ${noun}`;
  return '';
}

/** Whether a number would be taken. */
export function isWithin(field: FieldOf<'number'>, value: number): boolean {
  const { integer, minimum = -Infinity, maximum = Infinity, exclusiveMinimum = -Infinity, exclusiveMaximum = Infinity } = field;
  if (integer && !Number.isSafeInteger(value)) return false;
  return value >= minimum && value <= maximum && value > exclusiveMinimum && value < exclusiveMaximum;
}

/** The nearest number that would be taken, where a bound is left out itself a step from it; `null` for what is no number. */
export function nearestWithin(field: FieldOf<'number'>, value: number): number | null {
  if (!Number.isFinite(value)) return null;
  const { integer, exclusiveMinimum = -Infinity, exclusiveMaximum = Infinity } = field;
  const farthest = integer ? Number.MAX_SAFE_INTEGER : Infinity;
  const { minimum = -farthest, maximum = farthest } = field;
  const room = Math.min(maximum, exclusiveMaximum) - Math.max(minimum, exclusiveMinimum);
  const step = integer ? 1 : Math.min(field.hints?.step ?? 0.01, room / 2);
  const least = Math.max(minimum, exclusiveMinimum + step);
  const most = Math.min(maximum, exclusiveMaximum - step);
  const whole = integer ? Math.round(value) : value;
  return isWithin(field, whole) ? whole : Math.min(most, Math.max(least, whole));
}
