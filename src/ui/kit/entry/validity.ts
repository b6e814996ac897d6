/** A field that holds what is no value of its kind has the browser's own mark of that: its form is not sent, and the focus goes to the field, which says why. */
import { useEffect, useRef } from 'react';

type Entry = HTMLInputElement | HTMLTextAreaElement;

/** For the `ref` of the field. */
export function useValidity<E extends Entry>(complaint: string | undefined) {
  const ref = useRef<E>(null);
  useEffect(() => ref.current?.setCustomValidity(complaint ?? ''));
  return ref;
}

/** Puts the focus on the first field in it that holds no value. False where there is none. */
export function focusInvalid(around: Element | null | undefined): boolean {
  const first = around?.querySelector<HTMLElement>('input:invalid, textarea:invalid');
  first?.scrollIntoView({ block: 'nearest' });
  first?.focus({ preventScroll: true });
  return first !== null && first !== undefined;
}

/** The field says what is wrong: the browser need not say it again in a bubble over it. */
export function keepBubblesAway(): void {
  document.addEventListener(
    'invalid',
    (event) => {
      const field = event.target as Entry;
      if (!field.validity.customError) return;
      event.preventDefault();
      focusInvalid(field.form);
    },
    true,
  );
}
