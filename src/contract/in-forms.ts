/** How a field stands in a form: what its schema can't say, in its metadata beside the description, so that no form writes it again. */
import { z } from 'zod';

/** Where it stands in a field's metadata and in the JSON Schema made of it. */
export const IN_FORMS = 'x-form';

export interface FormHints {
  /** What the field is called where its name is too short or too long. */
  label?: string;
  /** The part of its form that it belongs to. */
  group?: string;
  /** Its place in that, where it is not the contract's. */
  order?: number;
  /** Of a choice: open side by side, or folded into a list. The latter where left out. */
  control?: 'segments' | 'list';
  /** What an option is called where its value is not the word for it. */
  titles?: Readonly<Record<string, string>>;
  /** What each option means, said below the field. */
  options?: Readonly<Record<string, string>>;
  /** Behind the number: `ms`. */
  unit?: string;
  /** The form has so many times the value: 100 for percent. */
  scale?: number;
  /** What it begins with where it comes with another field and has no default. */
  begin?: unknown;
  /** What stands in the empty field: what is so when it is left out. */
  empty?: string;
  /** Of a slider, which spares the extremes that the schema allows; its bounds where left out. */
  usual?: readonly [from: number, to: number];
  /** Of a slider and the arrow keys; 1 where left out. */
  step?: number;
}

/** For a field's `.meta`. */
export const inForms = (hints: FormHints): Record<string, unknown> => ({ [IN_FORMS]: hints });

/** What each option of a choice means: in its description, and below the field while it is the chosen one. For `.meta`. */
export const options = (lead: string, meanings: Readonly<Record<string, string>>, hints: FormHints = {}): Record<string, unknown> => ({
  description: [lead, ...Object.entries(meanings).map(([name, meaning]) => `\`${name}\`: ${meaning}.`)].join(' '),
  ...inForms({ ...hints, options: meanings }),
});

/** The same fields as a part of a form. */
export function formGroup<T extends Readonly<Record<string, z.ZodType>>>(group: string, fields: T): T {
  return Object.fromEntries(
    Object.entries(fields).map(([name, type]) => [name, type.meta(inForms({ ...hintsOf(type), group }))]),
  ) as Record<string, z.ZodType> as T;
}

/** Those of what is optional or has a default are those of the type inside. */
function hintsOf(type: z.core.$ZodType): FormHints {
  const own = z.globalRegistry.get(type)?.[IN_FORMS];
  const { innerType } = type._zod.def as { innerType?: z.core.$ZodType };
  return own ?? (innerType ? hintsOf(innerType) : {});
}
