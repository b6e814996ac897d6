/** Finds a control by role and name, in the page itself. The function is sent there as text: it uses nothing from outside of it. */
import type { Point } from './driver.ts';

export type Role = 'button' | 'link' | 'textbox' | 'tab' | 'option' | 'combobox' | 'radio' | 'switch' | 'heading';

export interface Sought {
  role: Role;
  /** A regular expression's source. */
  name: string;
  /** Which of those that match; -1 is the last. */
  nth: number;
  within: string;
}

/** Where to click it, or why not. */
export function findInPage({ role, name, nth, within }: Sought): Point | string {
  const selectors: Record<string, string> = {
    button: 'button, summary, [role=button]',
    link: 'a[href]',
    textbox: 'input:not([type=checkbox], [type=radio], [type=button], [type=file]), textarea, [role=textbox], [contenteditable=true]',
    tab: '[role=tab]',
    option: '[role=option]',
    combobox: 'select, [role=combobox]',
    radio: 'input[type=radio], [role=radio]',
    switch: '[role=switch], input[type=checkbox]',
    heading: 'h1, h2, h3, h4, h5, h6',
  };
  const textOf = (node: Element | null) => (node instanceof HTMLElement ? node.innerText : (node?.textContent ?? ''));
  const nameOf = (element: Element) => {
    const labelledBy = element.getAttribute('aria-labelledby');
    if (labelledBy)
      return labelledBy
        .split(/\s+/)
        .map((id) => textOf(document.getElementById(id)))
        .join(' ');
    const labels = 'labels' in element ? Array.from((element.labels as NodeListOf<Element> | null) ?? []) : [];
    return (
      element.getAttribute('aria-label') ||
      labels.map(textOf).join(' ') ||
      textOf(element) ||
      element.getAttribute('title') ||
      element.getAttribute('placeholder') ||
      ''
    );
  };
  const pattern = new RegExp(name);
  const root = document.querySelector(within);
  if (!root) return `nothing is at ${within}`;
  const candidates = Array.from(root.querySelectorAll(selectors[role]!)).filter((each) => each.getClientRects().length > 0);
  const found = candidates.filter((each) => pattern.test(nameOf(each).replaceAll(/\s+/g, ' ').trim())).at(nth);
  if (!found) return `no ${role} is named so; there are ${JSON.stringify(candidates.map((each) => nameOf(each).trim()).slice(0, 60))}`;
  if (found.matches(':disabled, [aria-disabled=true]')) return 'it is disabled';
  // A hidden radio button or checkbox is clicked at its label.
  const box = found.getBoundingClientRect();
  const label = box.width < 4 && 'labels' in found ? (found.labels as NodeListOf<HTMLElement>)[0] : undefined;
  const target = label ?? found;
  target.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  const { x, y, width, height } = target.getBoundingClientRect();
  const point = { x: x + width / 2, y: y + height / 2 };
  const hit = document.elementFromPoint(point.x, point.y);
  if (!hit) return `it is out of view, at ${point.x}, ${point.y}`;
  const isHit = target.contains(hit) || hit.contains(target) || (found instanceof HTMLInputElement && found.labels?.[0]?.contains(hit));
  if (!isHit) return `it is covered by <${hit.tagName.toLowerCase()} class="${hit.className}">`;
  return point;
}
