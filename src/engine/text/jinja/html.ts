/** Escaping for HTML as MarkupSafe does it. */
import type { Budget } from './limits.ts';
import { print } from './repr.ts';
import { Markup, type Value } from './values.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&#39;', '"': '&#34;' };

export function escapeText(text: string, budget: Budget): string {
  budget.each(text.length >> 2);
  const escaped = text.replace(/[&<>'"]/g, (character) => ENTITIES[character]!);
  if (escaped.length > text.length) budget.text(escaped.length);
  return escaped;
}

/** `escape()`: what is safe already stays. */
export const escape = (value: Value, budget: Budget): string =>
  value instanceof Markup ? value.text : escapeText(print(value, budget), budget);
