/** What a dialog holds: its first field has the focus when it opens, and not the cross above it. */
import type { ReactNode } from 'react';

/** What Mantine's focus trap looks for. */
const MARK = 'data-autofocus';
const FIELDS = 'input:enabled:not([type="radio"]), input[type="radio"]:enabled:checked, select:enabled, textarea:enabled';

export function FirstField({ children }: { children: ReactNode }) {
  return (
    <div ref={mark} style={{ display: 'contents' }}>
      {children}
    </div>
  );
}

function mark(content: HTMLElement | null): void {
  if (content && !content.querySelector(`[${MARK}]`)) content.querySelector(FIELDS)?.setAttribute(MARK, '');
}
