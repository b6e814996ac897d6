/** The arrow keys change a number by its step, with Shift by ten of them. */
import type { KeyboardEvent } from 'react';

export const stepKeys = (step: number, nudge: (by: number) => void) => (event: KeyboardEvent) => {
  if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
  event.preventDefault();
  nudge((event.key === 'ArrowUp' ? step : -step) * (event.shiftKey ? 10 : 1));
};
