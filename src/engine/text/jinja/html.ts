/** Escaping for HTML as MarkupSafe does it. */
import { Markup, type Value } from './values.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&#39;', '"': '&#34;' };

export const escapeText = (text: string): string => text.replace(/[&<>'"]/g, (character) => ENTITIES[character]!);

/** `escape()`: what is safe already stays. */
export const escape = (value: Value, print: (value: Value) => string): string =>
  value instanceof Markup ? value.text : escapeText(print(value));
