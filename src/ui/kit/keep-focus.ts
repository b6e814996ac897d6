/**
 * The keyboard stays where a person put it. A button that starts work is disabled or taken away while the work goes on, and the browser
 * then drops the focus: it goes to what took the button's place (Stop), or else waits at the group around it, and comes back to the button
 * once that can be pressed again, unless somebody has moved it meanwhile. What opens over the page gives it back when it goes, whoever opened
 * it and however late its code came.
 */

/** Where the focus waits while nothing in it can have it. */
const GROUPS = 'form, fieldset, section, article, aside, [role="group"], [role="region"], [role="tabpanel"], [role="dialog"], main';
/** What belongs together: work that is started in one of these is stopped there. */
const SCOPES = 'main, [role="dialog"]';
/** What opens over the page and takes the focus. */
const OVERLAYS = '[role="dialog"], [role="menu"]';
/** Marks a group that has the focus only to keep it; such a group has no ring. */
const MARK = 'data-keeps-focus';

/** What is open over the page, and where the focus was before: the last place first. */
interface Overlay {
  element: Element;
  from: readonly Place[];
}

interface Place {
  element: HTMLElement;
  name: string;
  /** The elements around it, the nearest first: what is left of them is where it stood. */
  around: readonly Element[];
}

/** Once a page. */
export function keepFocus(): void {
  /** Where the focus is, or was when the browser dropped it. */
  let held: Place | null = null;
  /** Where a person had put it, while it is elsewhere. */
  let origin: Place | null = null;
  let dropped = false;
  /** It is at a group. */
  let waiting = false;
  let added: Element[] = [];
  let planned = 0;
  let overlays: readonly Overlay[] = [];

  const plan = () => (planned ||= requestAnimationFrame(settle));

  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement) || target === held?.element) return;
    overlays = withEntered(overlays, target, held);
    held = placeOf(target);
    origin = null;
    dropped = waiting = false;
  });
  document.addEventListener('focusout', plan);
  new MutationObserver((records) => {
    if (!held && overlays.length === 0) return;
    for (const { addedNodes } of records) for (const node of addedNodes) if (node instanceof Element) added.push(node);
    dropped ||= held !== null && !usable(held.element);
    plan();
  }).observe(document, { subtree: true, childList: true, attributeFilter: ['disabled'] });

  function settle(): void {
    planned = 0;
    const came = added.flatMap((each) => (each.matches('button') ? [each] : [...each.querySelectorAll('button')]));
    added = [];
    const active = document.activeElement;
    const gone = overlays.filter(({ element }) => !element.isConnected);
    if (gone.length > 0) {
      overlays = overlays.filter(({ element }) => element.isConnected);
      const back = active === null || active === document.body ? gone[0]!.from.map(again).find((each) => each !== undefined) : undefined;
      if (back) return moveTo(back);
    }
    if (!held || (active !== null && active !== document.body && active !== held.element)) return;
    const stays = usable(held.element);
    if (stays && active !== held.element && !dropped) {
      held = origin = null; // A person took it away.
      return;
    }
    if (stays && !waiting) {
      if (dropped) moveTo(held.element);
      return;
    }
    const before = origin ?? held;
    const next = again(before) ?? instead(before, held, came);
    if (next) {
      origin = next === before.element ? null : before;
      moveTo(next);
    } else if (!stays) {
      const group = groupOf(before);
      if (!group) return;
      origin = before;
      moveTo(group);
      waiting = true;
    }
  }

  function moveTo(element: HTMLElement): void {
    held = placeOf(element);
    dropped = waiting = false;
    element.focus({ preventScroll: true });
  }
}

/** The overlays, with the one that the focus has just come into. */
function withEntered(overlays: readonly Overlay[], target: Element, before: Place | null): readonly Overlay[] {
  const element = target.closest(OVERLAYS);
  if (!element || overlays.some((each) => each.element === element)) return overlays;
  const around = overlays.find((each) => before && each.element.contains(before.element));
  return [...overlays, { element, from: [...(before ? [before] : []), ...(around?.from ?? [])] }];
}

function placeOf(element: HTMLElement): Place {
  const around: Element[] = [];
  for (let at = element.parentElement; at; at = at.parentElement) around.push(at);
  return { element, name: nameOf(element), around };
}

const nameOf = (element: Element): string => (element.getAttribute('aria-label') ?? element.textContent ?? '').trim();

const usable = (element: Element): boolean => element.isConnected && !element.matches(':disabled');

const left = ({ around }: Place): Element | undefined => around.find(({ isConnected }) => isConnected);

/** The element itself, or the one that bears its name in its place. */
function again(place: Place): HTMLElement | undefined {
  if (usable(place.element)) return place.element;
  if (place.element.isConnected) return undefined;
  const group = left(place)?.closest(GROUPS);
  return [...(group?.querySelectorAll<HTMLElement>('button:enabled') ?? [])].find((each) => nameOf(each) === place.name);
}

/** Of the buttons that have just come: the one that stops what was begun, or one where the lost one stood. */
function instead(before: Place, lost: Place, came: readonly Element[]): HTMLElement | undefined {
  const usableOnes = came.filter((each): each is HTMLElement => each instanceof HTMLElement && usable(each));
  const scope = left(before)?.closest(SCOPES);
  const stops = usableOnes.find((each) => nameOf(each).startsWith('Stop') && scope?.contains(each));
  return stops ?? (lost.element.isConnected ? undefined : usableOnes.find((each) => left(lost)?.contains(each)));
}

/** The group around a place, which can have the focus until it loses it. */
function groupOf(place: Place): HTMLElement | undefined {
  const group = left(place)?.closest<HTMLElement>(GROUPS);
  if (!group || group.hasAttribute('tabindex')) return group ?? undefined;
  group.setAttribute('tabindex', '-1');
  group.setAttribute(MARK, '');
  const onBlur = () => {
    // The window lost it, not the group.
    if (document.activeElement === group) return;
    group.removeEventListener('blur', onBlur);
    group.removeAttribute('tabindex');
    group.removeAttribute(MARK);
  };
  group.addEventListener('blur', onBlur);
  return group;
}
