/** JSON that a person writes: its value, or what can be said of the field that holds it. */
import { jsonFault } from '../../../environment/json-fault.ts';

export function readJson(text: string): { value: unknown } | { fault: string } {
  if (text.trim() === '') return { fault: 'is required.' };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { fault: `must be JSON: ${jsonFault(text)}.` };
  }
}
