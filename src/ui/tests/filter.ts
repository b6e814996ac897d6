/** Which cases are listed, and in which order. */
import type { TestCase } from './cases.ts';
import type { CaseState } from './bench.ts';

export const FILTERS = ['all', 'failed', 'passed', 'slow', 'differs', 'flaky', 'not_run', 'own'] as const;
export type Filter = (typeof FILTERS)[number];

export const FILTER_LABELS: Readonly<Record<Filter, string>> = {
  all: 'All',
  failed: 'Failed',
  passed: 'Passed',
  slow: 'Slow',
  differs: 'REST ≠ direct',
  flaky: 'Flaky',
  not_run: 'Not run',
  own: 'Yours',
};

export type Order = 'contract' | 'slowest';

export interface Choice {
  filter: Filter;
  text: string;
  order: Order;
}

type StateOf = (test: TestCase) => CaseState;

export function fits(filter: Filter, test: TestCase, { verdict, durationMs, flaky, differs }: CaseState, slowMs: number): boolean {
  if (filter === 'all') return true;
  if (filter === 'slow') return durationMs !== null && durationMs >= slowMs;
  if (filter === 'differs') return differs;
  if (filter === 'flaky') return flaky;
  if (filter === 'own') return test.own;
  return filter === 'not_run' ? verdict === null : verdict === filter;
}

export function choose(cases: readonly TestCase[], { filter, text, order }: Choice, stateOf: StateOf, slowMs: number): TestCase[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = cases.filter((test) => {
    const haystack = `${test.name} ${test.description} ${test.endpoint} ${JSON.stringify(test.input)}`.toLowerCase();
    return fits(filter, test, stateOf(test), slowMs) && words.every((word) => haystack.includes(word));
  });
  return order === 'contract' ? found : found.sort((a, b) => (stateOf(b).durationMs ?? -1) - (stateOf(a).durationMs ?? -1));
}

export function counts(cases: readonly TestCase[], stateOf: StateOf, slowMs: number): Record<Filter, number> {
  const result = Object.fromEntries(FILTERS.map((filter) => [filter, 0])) as Record<Filter, number>;
  for (const test of cases) {
    const state = stateOf(test);
    for (const filter of FILTERS) if (fits(filter, test, state, slowMs)) result[filter]++;
  }
  return result;
}

export interface Group {
  id: string;
  label: string;
  cases: TestCase[];
}

/** Under their endpoints, or all in one list where the order is another. */
export function groups(cases: readonly TestCase[], order: Order): Group[] {
  if (order !== 'contract') return cases.length > 0 ? [{ id: 'slowest', label: 'Slowest first', cases: [...cases] }] : [];
  const byEndpoint = new Map<string, TestCase[]>();
  for (const test of cases) byEndpoint.set(test.endpoint, [...(byEndpoint.get(test.endpoint) ?? []), test]);
  return [...byEndpoint].map(([endpoint, under]) => ({ id: endpoint, label: endpoint, cases: under }));
}
