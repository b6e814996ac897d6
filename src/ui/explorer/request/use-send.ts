/** Sending: one call at a time per endpoint, its events as they come, its exchange when it ends, and the same again by the other transport. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { holdsSecrets, type Route } from '../../../contract/index.ts';
import { type Mode, useClient } from '../../kit/client-context.tsx';
import type { Exchange, ServerEvent } from '../../kit/exchange.ts';
import { credential, tokenOf } from '../credential.ts';
import { remember } from '../history.ts';

export interface Run {
  status: 'idle' | 'running' | 'done';
  mode: Mode;
  startedAt: number;
  /** The events so far; the array grows in place and `eventCount` says how far it is. */
  events: ServerEvent[];
  eventCount: number;
  exchange?: Exchange;
  /** The same request by the other transport. */
  comparison?: Exchange;
  comparing?: boolean;
  input: unknown;
}

const idle: Run = { status: 'idle', mode: 'direct', startedAt: 0, events: [], eventCount: 0, input: undefined };

/** The last run of each endpoint outlives its view, unless it shows what is shown once. */
const kept = new Map<string, Run>();

export function useSend(route: Route) {
  const client = useClient();
  const key = `${route.service}/${route.operation}`;
  const [run, setRun] = useState<Run>(() => kept.get(key) ?? idle);
  const controller = useRef<AbortController>(null);
  const frame = useRef(0);

  const update = useCallback(
    (change: Partial<Run>) =>
      setRun((before) => {
        const after = { ...before, ...change };
        if (after.status === 'done' && !holdsSecrets(route.endpoint)) kept.set(key, after);
        return after;
      }),
    [key, route],
  );

  useEffect(
    () => () => {
      controller.current?.abort();
      cancelAnimationFrame(frame.current);
    },
    [],
  );

  const send = useCallback(
    async (input: unknown, mode: Mode): Promise<Exchange | undefined> => {
      controller.current?.abort();
      const own = new AbortController();
      controller.current = own;
      const events: ServerEvent[] = [];
      setRun({ status: 'running', mode, startedAt: performance.now(), events, eventCount: 0, input });
      const exchange = await client.send(route.service, route.operation, input as object, {
        mode,
        ...tokenOf(credential.get()),
        withSecrets: true,
        signal: own.signal,
        onEvent: (event) => {
          events.push(event as ServerEvent);
          // Hundreds of events a second become one render a frame.
          frame.current ||= requestAnimationFrame(() => {
            frame.current = 0;
            if (controller.current === own) update({ eventCount: events.length });
          });
        },
      });
      const { status, duration_ms, started_at } = exchange;
      remember({ service: route.service, operation: route.operation, input, mode: exchange.mode, status, duration_ms, started_at });
      if (controller.current !== own) return undefined;
      controller.current = null;
      update({ status: 'done', mode: exchange.mode, exchange, eventCount: events.length });
      return exchange;
    },
    [client, route, update],
  );

  const stop = useCallback(() => controller.current?.abort(), []);

  /** The request of the last exchange again, by the other transport. */
  const compare = useCallback(async () => {
    if (!run.exchange) return;
    update({ comparing: true });
    const comparison = await client.send(route.service, route.operation, run.input as object, {
      mode: run.exchange.mode === 'direct' ? 'restful' : 'direct',
      ...tokenOf(credential.get()),
    });
    update({ comparing: false, comparison });
  }, [client, route, run.exchange, run.input, update]);

  return { run, send, stop, compare };
}
