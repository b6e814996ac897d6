/** What is said of a value that code of a person threw or gave: it may be anything, and reading it may throw again. */
import { boundedText } from './bounded-text.ts';

/** As long as a person reads. */
const MOST = 1000;

/** The message of an error, or the thrown value as text. */
export function messageOf(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return cut(String(thrown.message));
    const text = String(thrown);
    // Runtimes throw plain objects too, of which the fields say more than that they are objects.
    return cut(text === '[object Object]' ? (JSON.stringify(thrown) ?? text) : text);
  } catch {
    return 'what can’t be written as text';
  }
}

/** A value as code would write it, so that `"1"` is told from `1`. */
export function valueText(value: unknown): string {
  try {
    if (typeof value === 'string') return cut(JSON.stringify(value));
    if (typeof value === 'bigint') return cut(`${value}n`);
    if (Array.isArray(value)) return `a list of ${value.length}`;
    if (typeof value === 'object' && value !== null) return Object.prototype.toString.call(value);
    return cut(String(value));
  } catch {
    return 'what can’t be written as text';
  }
}

const cut = (text: string): string => boundedText(text, MOST);
