/** Places a card beside a piece of text and keeps it in the window; on narrow screens it is a sheet at the bottom. */
import { type ReactNode, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react';
import classes from './floating-card.module.css';

interface Props {
  id: string;
  anchor: HTMLElement;
  pinned: boolean;
  onPointerEnter: () => void;
  onEscape: () => void;
  onOutside: () => void;
  children: ReactNode;
}

const GAP = 6;
const MARGIN = 8;

/** Its parent must be positioned and hold the anchor. */
export function FloatingCard({ id, anchor, pinned, onPointerEnter, onEscape, onOutside, children }: Props) {
  const card = useRef<HTMLDialogElement>(null);
  const [place, setPlace] = useState<{ left: number; top: number } | null>(null);

  useLayoutEffect(() => {
    const parent = card.current?.offsetParent?.getBoundingClientRect();
    const size = card.current?.getBoundingClientRect();
    if (!size) return;
    if (!parent) {
      // A sheet at the bottom, placed by the style sheet: what it tells about must stay in sight above it.
      setPlace({ left: 0, top: 0 });
      if (anchor.getBoundingClientRect().bottom > size.top) anchor.scrollIntoView({ block: 'start' });
      return;
    }
    const text = anchor.getClientRects()[0] ?? anchor.getBoundingClientRect();
    const left = Math.min(Math.max(text.left - 12, parent.left), Math.min(parent.right, innerWidth - MARGIN) - size.width);
    const fitsBelow = text.bottom + GAP + size.height <= innerHeight - MARGIN;
    const fitsAbove = text.top - GAP - size.height >= MARGIN;
    const top = fitsBelow || !fitsAbove ? text.bottom + GAP : text.top - GAP - size.height;
    setPlace({ left: left - parent.left, top: top - parent.top });
    // Other contents, another size.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [anchor, children]);

  const escape = useEffectEvent(onEscape);
  const outside = useEffectEvent(onOutside);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      escape();
    };
    const onPointerDown = (event: PointerEvent) => {
      const target = event.target as Node;
      if (!card.current?.contains(target) && !anchor.parentElement?.contains(target)) outside();
    };
    document.addEventListener('keydown', onKeyDown, { capture: true });
    document.addEventListener('pointerdown', onPointerDown);
    return () => {
      document.removeEventListener('keydown', onKeyDown, { capture: true });
      document.removeEventListener('pointerdown', onPointerDown);
    };
  }, [anchor]);

  return (
    <dialog
      open
      ref={card}
      id={id}
      aria-label="Token"
      className={classes.card}
      data-pinned={pinned || undefined}
      style={place ? { left: place.left, top: place.top } : { visibility: 'hidden' }}
      onPointerEnter={onPointerEnter}
    >
      {children}
    </dialog>
  );
}
