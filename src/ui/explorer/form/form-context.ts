/** What the parts of a form share: the control for any field (they contain each other) and what the last answer found wrong. */
import { type ComponentType, createContext, useContext } from 'react';
import type { Field } from './model.ts';

export interface ControlProps<F = Field> {
  field: F;
  value: unknown;
  onChange: (value: unknown) => void;
  /** JSON Pointer into the input. */
  pointer: string;
  required: boolean;
  /** Ids of the elements that name and describe the control. */
  labelledBy: string;
  describedBy: string;
  /** What is wrong with the value, as a sentence. */
  error: string | undefined;
}

interface FormParts {
  Control: ComponentType<ControlProps>;
  /** Messages by JSON Pointer. */
  errors: ReadonlyMap<string, string>;
}

export const FormContext = createContext<FormParts | null>(null);

export function useForm(): FormParts {
  const form = useContext(FormContext);
  if (!form) throw new Error('Controls stand inside a SchemaForm.');
  return form;
}
