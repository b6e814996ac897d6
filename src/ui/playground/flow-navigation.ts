/** Finds tokens in the drawn text: under a pointer, and the next one in a direction of the arrow keys. */

/** A token of the sequence and the element that shows it. */
export interface TokenPlace {
  token: number;
  anchor: HTMLElement;
}

/** The token that an event's target belongs to. */
export function tokenAt(target: EventTarget | null): TokenPlace | null {
  const anchor = target instanceof Element ? target.closest<HTMLElement>('[data-token]') : null;
  return anchor && { token: Number(anchor.dataset['token']), anchor };
}

/** Where a key leads from a token; null for keys that lead nowhere. */
export function nextInLine(flow: HTMLElement, from: HTMLElement, key: string): HTMLElement | null {
  const all = flow.querySelectorAll<HTMLElement>('[data-token]');
  if (key === 'Home') return all[0] ?? null;
  if (key === 'End') return all[all.length - 1] ?? null;
  const step = key === 'ArrowRight' || key === 'ArrowDown' ? 1 : key === 'ArrowLeft' || key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return null;
  let index = Array.prototype.indexOf.call(all, from);
  if (index < 0) return null;
  if (key === 'ArrowRight' || key === 'ArrowLeft') return all[index + step] ?? null;

  // Up and down: the token of the neighbouring line whose middle is nearest.
  const start = box(from);
  let best: HTMLElement | null = null;
  let bestDistance = Infinity;
  let line: number | null = null;
  while ((index += step) >= 0 && index < all.length) {
    const candidate = all[index]!;
    const { top, middle, height } = box(candidate);
    if (Math.abs(top - start.top) < height / 2) continue;
    if (line === null) line = top;
    else if (Math.abs(top - line) > height / 2) break;
    const distance = Math.abs(middle - start.middle);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function box(element: HTMLElement): { top: number; middle: number; height: number } {
  const { top, left, width, height } = element.getClientRects()[0] ?? element.getBoundingClientRect();
  return { top, middle: left + width / 2, height };
}
