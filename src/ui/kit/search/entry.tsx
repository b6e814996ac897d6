/** An entry of Ctrl-K that leads to a place. */
import type { ReactNode } from 'react';
import { navigate } from '../address/hash-location.ts';
import { Icon, type IconName } from '../icons.tsx';
import type { SearchEntry } from './ranking.ts';

export interface Found extends SearchEntry {
  icon: ReactNode;
}

interface Place extends Pick<SearchEntry, 'otherNames'> {
  href: string;
  label: string;
  description?: string;
  icon: IconName;
  /** Found by, and not shown. */
  keywords?: string;
  /** Where several lead to one address. */
  id?: string;
  /** What is looked for at the address, to be brought into sight. */
  selector?: string;
}

export const place = ({ href, label, description = '', icon, keywords = '', id = href, selector }: Place): Found => ({
  ...{ id, label, description, keywords },
  icon: <Icon name={icon} />,
  run: () => {
    navigate(href);
    if (selector) show(selector);
  },
});

/** A panel may have to be fetched first, and the search closes after its own time and holds the focus until then. */
const PATIENCE_MS = 5000;

function show(selector: string, since = performance.now()): void {
  requestAnimationFrame(() => {
    const element = document.querySelector<HTMLElement>(selector);
    if (element && !document.querySelector('[role="dialog"]')) {
      element.scrollIntoView({ block: 'center' });
      element.focus({ preventScroll: true });
    } else if (performance.now() - since < PATIENCE_MS) show(selector, since);
  });
}
