/** What an item of a menu is, and below it what it does. */
import type { ReactNode } from 'react';

export function MenuText({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <span className="gb-stack gb-close">
      <span className="gb-ellipsis">{name}</span>
      <span className="gb-small gb-faint">{children}</span>
    </span>
  );
}
