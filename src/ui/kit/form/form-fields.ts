/** Which fields of an input a form has, in which parts and in which order: those of which the contract says how they stand in one. */
import type { z } from 'zod';
import { fieldAt } from './field-at.ts';
import { blank, type Field, type FieldOf, isRecord, variantOf } from './model.ts';

export interface FormField {
  /** Inside the value of the form: `seed`, `slo/ttft_ms`. */
  place: string;
  field: Field;
  isOptional: boolean;
  group: string | undefined;
  /** What it needs beside it, to stand in the object that it brings. */
  brings?: Readonly<Record<string, unknown>>;
}

/** @param value that the form holds: of a union, it tells the variant, and what stands in an object that is left out is not there */
export function formFields(of: z.ZodType, at: string, value: unknown): FormField[] {
  const order = ({ field }: FormField) => field.hints?.order ?? 0;
  return fieldsIn(fieldAt(of, at), value, '', undefined).toSorted((a, b) => order(a) - order(b));
}

function fieldsIn(field: Field, value: unknown, place: string, group: string | undefined): FormField[] {
  if (field.kind === 'union') {
    const variant = field.variants[variantOf(field, value)]?.field;
    return variant ? [tagOf(field, variant, place, group), ...fieldsIn(variant, value, place, group)] : [];
  }
  if (field.kind !== 'object') return [];
  return field.properties.flatMap(({ name, field: own, required }) => {
    const inner = place === '' ? name : `${place}/${name}`;
    const part = own.hints?.group ?? group;
    const held = isRecord(value) ? value[name] : undefined;
    if (own.kind === 'object') {
      const all = fieldsIn(own, held, inner, part);
      return required ? all : broughtBy(all, own, held !== undefined);
    }
    if (own.kind === 'const' || !own.hints) return [];
    return [{ place: inner, field: own, isOptional: !required && own.default === undefined, group: part }];
  });
}

/** Of an object that may be left out: the first field that it needs brings it and takes it away, and the others that it needs come with that. */
function broughtBy(fields: readonly FormField[], object: FieldOf<'object'>, isThere: boolean): FormField[] {
  const [first, ...others] = object.properties.filter(({ required }) => required);
  if (!first) return [...fields];
  const brings = Object.fromEntries(others.map(({ name, field }) => [name, field.hints?.begin ?? blank(field)]));
  return fields
    .filter(({ isOptional }, i) => i === 0 || isOptional || isThere)
    .map((field, i) => (i === 0 ? { ...field, isOptional: true, brings } : field));
}

/** The constant by which variants differ, as a choice among them. */
function tagOf(union: FieldOf<'union'>, variant: Field, place: string, group: string | undefined): FormField {
  const name = variant.kind === 'object' ? variant.properties.find(({ field }) => field.kind === 'const')?.name : undefined;
  if (name === undefined) throw new Error(`The variants of ${place || 'the input'} have no constant to tell them apart.`);
  const variants = union.variants.map(({ title, field }) => {
    const tag = field.kind === 'object' ? field.properties.find((each) => each.name === name)?.field : undefined;
    return { title, value: tag?.kind === 'const' ? String(tag.value) : title };
  });
  return {
    place: place === '' ? name : `${place}/${name}`,
    field: {
      kind: 'enum',
      options: variants.map(({ value }) => value),
      hints: { ...union.hints, titles: Object.fromEntries(variants.map(({ value, title }) => [value, title])) },
    },
    isOptional: false,
    group,
  };
}
