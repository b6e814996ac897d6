/** The same change at every token of a stretch and in every layer, one call a token; what has come so far is kept when it is stopped. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient } from '../../kit/client-context.tsx';
import { type Donor, type Intervention, sweepCallOf } from './intervention.ts';

export interface Sweep {
  /** What was swept; `layer` and `token` say nothing. */
  intervention: Intervention;
  tokenIds: number[];
  weightsHash: string | undefined;
  numLayers: number;
  /** Position of the first column. */
  first: number;
  /** Behind the last one. */
  end: number;
  /** KL divergences in nats, a column of layers for each token that is done. */
  columns: number[][];
  state: 'running' | 'done' | 'stopped' | 'failed';
  error: unknown;
}

/** Columns at most: the last tokens of the sequence. */
export const MAX_COLUMNS = 32;

export function useSweep() {
  const client = useClient();
  const [sweep, setSweep] = useState<Sweep | null>(null);
  const abort = useRef<AbortController | null>(null);
  const stop = useCallback(() => abort.current?.abort(), []);
  useEffect(() => stop, [stop]);

  const start = async (
    tokenIds: number[],
    intervention: Intervention,
    weightsHash: string | undefined,
    numLayers: number,
    donor?: Donor,
  ) => {
    stop();
    const controller = new AbortController();
    abort.current = controller;
    const { signal } = controller;
    // A patch ends where the other text does.
    const end = Math.min(tokenIds.length, donor?.tokenIds.length ?? Infinity);
    const first = Math.max(0, end - MAX_COLUMNS);
    let now: Sweep = { intervention, tokenIds, weightsHash, numLayers, first, end, columns: [], state: 'running', error: null };
    const show = (change: Partial<Sweep>) => {
      now = { ...now, ...change };
      if (abort.current === controller) setSweep(now);
    };
    show({});
    try {
      for (let token = first; token < end; token++) {
        signal.throwIfAborted();
        const { effect } = await client.post('model', 'forward', sweepCallOf(tokenIds, intervention, token, numLayers, donor), { signal });
        show({ columns: [...now.columns, effect!.map(({ kl_divergence }) => kl_divergence)] });
      }
      show({ state: 'done' });
    } catch (error) {
      show(signal.aborted ? { state: 'stopped' } : { state: 'failed', error });
    }
  };
  return { sweep, start: (...request: Parameters<typeof start>) => void start(...request), stop };
}
