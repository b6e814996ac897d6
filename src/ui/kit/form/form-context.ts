/** What the parts of a form share: the control for any field (they contain each other) and what is wrong with the input. */
import { type ComponentType, createContext, useContext } from 'react';
import type { ErrorItem } from '../../../contract/index.ts';
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
}

interface FormParts {
  Control: ComponentType<ControlProps>;
  faults: readonly ErrorItem[];
}

export const FormContext = createContext<FormParts | null>(null);

export function useForm(): FormParts {
  const form = useContext(FormContext);
  if (!form) throw new Error('Controls stand inside a SchemaForm.');
  return form;
}
