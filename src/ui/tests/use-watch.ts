/** Watch mode: when weights, patches or the transport change, the cases that they touch run again. */
import { useEffect, useRef, useState } from 'react';
import { type ServiceName, serviceNames } from '../../contract/index.ts';
import { useMode } from '../kit/client-context.tsx';
import type { TestCase } from './cases.ts';
import { codeFor, type InForce } from './history.ts';
import type { Tests } from './use-tests.ts';

interface Seen {
  inForce: InForce;
  mode: string;
}

/** What a change touches, and what it was, for people; `null` where nothing changed. */
export function touched(before: Seen, now: Seen): { services: ServiceName[]; why: string } | null {
  if (before.mode !== now.mode) return { services: [...serviceNames], why: `calls go ${now.mode}` };
  const services = serviceNames.filter((service) => codeFor(service, before.inForce) !== codeFor(service, now.inForce));
  if (services.length === 0) return null;
  if (before.inForce.weightsHash !== now.inForce.weightsHash) return { services, why: 'other weights are active' };
  const ids = [...new Set([...Object.keys(before.inForce.revisions), ...Object.keys(now.inForce.revisions)])];
  const patched = ids.filter((id) => before.inForce.revisions[id] !== now.inForce.revisions[id]);
  return { services, why: `${patched.join(', ')} changed` };
}

/** @returns what made the last run start, once something did */
/** What is active is asked for anew within this time: what was seen before says what the run itself left behind. */
const SETTLE_MS = 3000;

export function useWatch(on: boolean, { inForce, inForceAt, cases, run, state }: Tests): string | null {
  const [mode] = useMode();
  const seen = useRef<Seen | null>(null);
  /** A run that watching began: what its own examples change must not begin another. */
  const byWatch = useRef(false);
  /** When such a run ended; an example that was stopped midway may still change something after that. */
  const endedAt = useRef(0);
  const [why, setWhy] = useState<string | null>(null);
  const busy = state.progress !== null;

  useEffect(() => {
    if (!on || !inForce) {
      seen.current = null;
      return;
    }
    if (busy) return;
    if (byWatch.current) {
      byWatch.current = false;
      endedAt.current = Date.now();
    }
    const isSettling = inForceAt < endedAt.current + SETTLE_MS;
    const before = isSettling && seen.current ? { inForce, mode: seen.current.mode } : seen.current;
    const now = { inForce, mode };
    const change = before && touched(before, now);
    seen.current = now;
    if (!change) return;
    const again: TestCase[] = cases.filter(({ service }) => change.services.includes(service));
    byWatch.current = true;
    setWhy(`Ran ${again.length} cases again: ${change.why}.`);
    void run(again);
  }, [on, inForce, inForceAt, mode, busy, cases, run]);

  return on ? why : null;
}
