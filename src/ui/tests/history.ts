/** The last runs of every case, kept in this browser: what a sparkline shows and a flaky case is known by. */
import type { ServiceName } from '../../contract/index.ts';

export type Verdict = 'passed' | 'failed';

export interface PastRun {
  /** Milliseconds since 1970. */
  at: number;
  verdict: Verdict;
  durationMs: number;
  /** What was active: weights, patches, and the case itself. */
  code: string;
  mode: 'restful' | 'direct';
}

export const KEPT_RUNS = 20;
const STORAGE_KEY = 'glassbox-test-history';
const VERDICTS: readonly Verdict[] = ['passed', 'failed'];

/** The oldest first. */
export type History = ReadonlyMap<string, readonly PastRun[]>;

export function withRun(history: History, key: string, run: PastRun): History {
  return new Map(history).set(key, [...(history.get(key) ?? []), run].slice(-KEPT_RUNS));
}

/** Passed and failed although nothing was changed between. */
export function isFlaky(runs: readonly PastRun[]): boolean {
  const byCode = new Map<string, Set<Verdict>>();
  for (const { code, verdict } of runs) byCode.set(code, (byCode.get(code) ?? new Set()).add(verdict));
  return [...byCode.values()].some((verdicts) => verdicts.has('passed') && verdicts.has('failed'));
}

/** No result for what is active now. */
export const isStale = (runs: readonly PastRun[], code: string): boolean => runs.at(-1)?.code !== code;

/** From here on a case is slow among its like: the slowest tenth, and nothing that a person would not notice. */
export function slowFrom(durations: readonly number[]): number {
  const sorted = durations.toSorted((a, b) => a - b);
  return Math.max(20, sorted[Math.floor(0.9 * sorted.length)] ?? 0);
}

export function medianMs(runs: readonly PastRun[]): number {
  const sorted = runs.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

export interface ActiveCode {
  weightsHash: string | null;
  /** Revision by code resource. */
  revisions: Readonly<Record<string, string>>;
}

/** A generation goes through all of these. */
const REACHES: Readonly<Record<ServiceName, readonly string[]>> = {
  tokenizer: ['tokenizer'],
  model: ['model', 'sampler', 'tokenizer', 'scheduler', 'memory'],
  memory: ['memory', 'model'],
  scheduler: ['scheduler', 'model', 'memory'],
  computation: ['kernel', 'model'],
  code: ['model', 'sampler', 'scheduler', 'memory', 'tokenizer', 'kernel', 'script'],
  auth: [],
};

/** What a service's answers depend on, as one short text: it changes when a patch or a weight swap reaches the service. */
export function codeFor(service: ServiceName, { weightsHash, revisions }: ActiveCode): string {
  const reached = Object.entries(revisions)
    .filter(([id]) => REACHES[service].includes(id.split('.')[0] ?? ''))
    .map(([id, revision]) => `${id}=${revision}`)
    .sort();
  return hash([weightsHash ?? 'none', ...reached].join('|'));
}

/** FNV-1a, 32 bits: enough to see a change. */
export function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return (value >>> 0).toString(16).padStart(8, '0');
}

type Row = [at: number, verdict: number, durationMs: number, code: string, restful: 0 | 1];

export function loadHistory(storage: Pick<Storage, 'getItem'>): History {
  try {
    const stored = JSON.parse(storage.getItem(STORAGE_KEY) ?? '{}') as Record<string, Row[]>;
    return new Map(Object.entries(stored).map(([key, rows]) => [key, rows.flatMap(readRow).slice(-KEPT_RUNS)]));
  } catch {
    return new Map();
  }
}

function readRow([at, verdict, durationMs, code, restful]: Row): PastRun[] {
  const known = VERDICTS[verdict];
  if (typeof at !== 'number' || known === undefined || typeof durationMs !== 'number' || typeof code !== 'string') return [];
  return [{ at, verdict: known, durationMs, code, mode: restful ? 'restful' : 'direct' }];
}

export function saveHistory(storage: Pick<Storage, 'setItem'>, history: History): void {
  const rows = ({ at, verdict, durationMs, code, mode }: PastRun): Row => [
    at,
    VERDICTS.indexOf(verdict),
    Number(durationMs.toPrecision(4)),
    code,
    mode === 'restful' ? 1 : 0,
  ];
  storage.setItem(STORAGE_KEY, JSON.stringify(Object.fromEntries([...history].map(([key, runs]) => [key, runs.map(rows)]))));
}
