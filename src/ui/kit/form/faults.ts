/** Which control says what is wrong: each fault stands at the innermost control that has the value it is about. */
import type { ErrorItem } from '../../../contract/index.ts';
import { faultSentence, fewOf } from '../problem/problem-parts.ts';
import { type Field, type FieldOf, isRecord } from './model.ts';

/** Whether a JSON Pointer names the value at another one, or something in it. */
const liesIn = (path: string, pointer: string): boolean => path === pointer || path.startsWith(`${pointer}/`);

/**
 * What the control at a pointer has to say: all that is wrong with its value, less what the controls inside it say themselves.
 * @param held the pointers of those
 */
export function faultsAt(faults: readonly ErrorItem[], pointer: string, held: readonly string[] = []): ErrorItem[] {
  return faults.filter(({ path }) => liesIn(path, pointer) && !held.some((inner) => liesIn(path, inner)));
}

/** Each once, the first few as sentences, the others as a number. */
export const saidOf = (faults: readonly ErrorItem[]): string => fewOf(faults.map(faultSentence));

/** The parts of an object that have a place in its form: its fields but constants, which a variant stands for, and what it has no field for. */
export function drawnNames({ properties }: FieldOf<'object'>, value: unknown): string[] {
  const names = new Set(properties.filter(({ field }) => field.kind !== 'const').map(({ name }) => name));
  const constants = new Set(properties.filter(({ field }) => field.kind === 'const').map(({ name }) => name));
  for (const name of isRecord(value) ? Object.keys(value) : []) if (!constants.has(name)) names.add(name);
  return [...names];
}

/** The control of a part. */
export const below = (pointer: string, name: string | number): string =>
  // RFC 6901.
  `${pointer}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** Whether the form of an input says a fault: it says none of the input as a whole, and none of places outside it, as in a file. */
export function isSaidInForm(form: Field, value: unknown, { path }: ErrorItem): boolean {
  return form.kind === 'object' && drawnNames(form, value).some((name) => liesIn(path, below('', name)));
}
