/** What is being typed need not be a value yet ("-", "1e", `{"a":`), nor be written as the value is ("1.0"): it stands until the value is another one. */
import { useState } from 'react';

/** @param value of the field; what was typed for another one is gone: another example was chosen, or the field left out */
export function useTypedText(value: unknown, written: string) {
  const [typed, setTyped] = useState<{ text: string; value: unknown }>();
  const isTyped = typed !== undefined && typed.value === value;
  return {
    text: isTyped ? typed.text : written,
    isTyped,
    /** @param next the value that the text stands for, or the one there was */
    type: (text: string, next: unknown) => setTyped({ text, value: next }),
    settle: () => setTyped(undefined),
  };
}
