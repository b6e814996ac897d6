/** Watch mode: when weights, patches or the transport change, the cases that they touch run again. */
import { useEffect, useRef, useState } from 'react';
import { type ServiceName, serviceNames } from '../../contract/index.ts';
import { useMode } from '../kit/client-context.tsx';
import type { TestCase } from './cases.ts';
import { codeFor, type ActiveCode } from './history.ts';
import type { Tests } from './use-tests.ts';

interface Seen {
  active: ActiveCode;
  mode: string;
}

/** What a change touches, and what it was, for people; `null` where nothing changed. */
export function touched(before: Seen, now: Seen): { services: ServiceName[]; why: string } | null {
  if (before.mode !== now.mode) return { services: [...serviceNames], why: `calls go ${now.mode}` };
  const services = serviceNames.filter((service) => codeFor(service, before.active) !== codeFor(service, now.active));
  if (services.length === 0) return null;
  if (before.active.weightsHash !== now.active.weightsHash) return { services, why: 'other weights are active' };
  const ids = [...new Set([...Object.keys(before.active.revisions), ...Object.keys(now.active.revisions)])];
  const patched = ids.filter((id) => before.active.revisions[id] !== now.active.revisions[id]);
  return { services, why: `${patched.join(', ')} changed` };
}

/** @returns what made the last run start, once something did */
/** What is active is asked for anew within this time: what was seen before says what the run itself left behind. */
const SETTLE_MS = 3000;

export function useWatch(on: boolean, { active, activeAt, cases, run, state }: Tests): string | null {
  const [mode] = useMode();
  const seen = useRef<Seen | null>(null);
  /** A run that watching began: what its own examples change must not begin another. */
  const byWatch = useRef(false);
  /** When such a run ended; an example that was stopped midway may still change something after that. */
  const endedAt = useRef(0);
  const [why, setWhy] = useState<string | null>(null);
  const busy = state.progress !== null;

  useEffect(() => {
    if (!on || !active) {
      seen.current = null;
      return;
    }
    if (busy) return;
    if (byWatch.current) {
      byWatch.current = false;
      endedAt.current = Date.now();
    }
    const isSettling = activeAt < endedAt.current + SETTLE_MS;
    const before = isSettling && seen.current ? { active, mode: seen.current.mode } : seen.current;
    const now = { active, mode };
    const change = before && touched(before, now);
    seen.current = now;
    if (!change) return;
    const again: TestCase[] = cases.filter(({ service }) => change.services.includes(service));
    byWatch.current = true;
    setWhy(`Ran ${again.length} cases again: ${change.why}.`);
    void run(again);
  }, [on, active, activeAt, mode, busy, cases, run]);

  return on ? why : null;
}
