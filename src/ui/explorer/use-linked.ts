/** Fills a request from its address, and remembers what stood there before: a link costs nobody their own input. */
import { messageOf } from '../../environment/thrown.ts';
import { useCallback, useEffect, useRef, useState } from 'react';
import { inputOf, remarksOn } from '../kit/address/endpoint-link.ts';

/** Where the input in sight came from, while that matters: it has not been sent, or the link could not be read. */
export type LinkOrigin =
  | { filled: true; remarks: readonly string[]; putBack: () => void }
  | { filled: false; reason: string; dismiss: () => void };

interface Linked {
  origin: LinkOrigin | null;
  /** Says that this search is our own: the input that was sent, written into the address. */
  applied: (search: string) => void;
}

export function useLinked(search: string, value: unknown, setValue: (value: unknown) => void): Linked {
  const [origin, setOrigin] = useState<LinkOrigin | null>(null);
  const own = useRef('');
  const before = useRef(value);
  useEffect(() => {
    before.current = value;
  });

  useEffect(() => {
    if (search === own.current) return undefined;
    own.current = search;
    let current = true;
    const end = () => setOrigin(null);
    const remarks = remarksOn(search);
    inputOf(search).then(
      (input) => {
        if (!current) return;
        if (input === undefined || JSON.stringify(input) === JSON.stringify(before.current))
          return remarks.length > 0 ? setOrigin({ filled: false, reason: remarks.join(' '), dismiss: end }) : end();
        const kept = before.current;
        setValue(input);
        setOrigin({
          filled: true,
          remarks,
          putBack: () => {
            setValue(kept);
            end();
          },
        });
      },
      (error: unknown) => {
        if (current) setOrigin({ filled: false, reason: messageOf(error), dismiss: end });
      },
    );
    return () => {
      current = false;
      // A search that was never applied is looked at again, as in strict mode's second run.
      if (own.current === search) own.current = '';
    };
  }, [search, setValue]);

  const applied = useCallback((next: string) => {
    own.current = next;
    setOrigin(null);
  }, []);
  return { origin, applied };
}
