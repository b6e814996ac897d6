/** What calls that answer once have made so far, so that it is not lost with a worker that never answers. */
import { ApiError, type ErrorItem } from '../../contract/index.ts';
import type { ServerEvent } from '../transport.ts';

/** Kept of a call, the latest ones; more would not be read. */
const MAX_NOTES = 200;

export class NoteList {
  readonly #notes = new Map<number, ServerEvent[]>();

  add(id: number, event: ServerEvent): void {
    const notes = this.#notes.get(id) ?? [];
    this.#notes.set(id, notes);
    notes.push(event);
    if (notes.length > MAX_NOTES) notes.shift();
  }

  drop(id: number): void {
    this.#notes.delete(id);
  }

  clear(): void {
    this.#notes.clear();
  }

  /** The error with what the call had made behind its own places. */
  told(id: number, error: ApiError): ApiError {
    const notes = this.#notes.get(id);
    if (!notes) return error;
    const made = notes.map((event, i): ErrorItem => ({ path: `/output/${i}`, message: textOf(event) }));
    return new ApiError(error.code, `${error.message} What the call had shown until then stands in errors.`, [...error.errors, ...made]);
  }
}

const MAX_TEXT = 2000;

function textOf({ event, data }: ServerEvent): string {
  const { values } = data as { values?: unknown[] };
  const text = event === 'print' && values ? values.map(shown).join(' ') : `${event} ${JSON.stringify(data)}`;
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
