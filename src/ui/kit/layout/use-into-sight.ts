/** Where the columns stand one below the other, a result stands below the form that asked for it, out of sight: `show` brings it into sight. */
import { useMediaQuery } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';

/** As long as what was asked for still takes its place on the page. */
const SETTLING_MS = 1500;
/** What a person scrolls with. */
const OWN = ['wheel', 'touchstart', 'keydown', 'pointerdown'] as const;

export function useIntoSight<E extends HTMLElement>() {
  const ref = useRef<E>(null);
  const narrow = useMediaQuery('(max-width: 62em)') ?? false;
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (asked === 0 || !narrow) return;
    // The form above grows and the result comes only after this: it is followed until a person takes over.
    const follow = () => ref.current?.scrollIntoView({ block: 'start' });
    const sizes = new ResizeObserver(follow);
    const end = () => {
      sizes.disconnect();
      clearTimeout(timer);
      for (const type of OWN) removeEventListener(type, end, true);
    };
    const timer = setTimeout(end, SETTLING_MS);
    for (const type of OWN) addEventListener(type, end, true);
    follow();
    sizes.observe(document.body);
    return end;
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- a window made narrow later asks for nothing
  }, [asked]);
  return { ref, narrow, show: () => setAsked((was) => was + 1) };
}
