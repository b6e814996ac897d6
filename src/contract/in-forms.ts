/** How a field stands in a form: what its schema can't say, in its metadata beside the description, so that no form writes it again. */

/** Where it stands in a field's metadata and in the JSON Schema made of it. */
export const IN_FORMS = 'x-form';

export interface FormHints {
  /** What the field is called where its name is too short or too long. */
  label?: string;
  /** Behind the number: `ms`. */
  unit?: string;
  /** What stands in the empty field: what is so when it is left out. */
  empty?: string;
  /** Of a slider, which spares the extremes that the schema allows; its bounds where left out. */
  usual?: readonly [from: number, to: number];
  /** Of a slider and the arrow keys; 1 where left out. */
  step?: number;
}

/** For a field's `.meta`. */
export const inForms = (hints: FormHints): Record<string, unknown> => ({ [IN_FORMS]: hints });
