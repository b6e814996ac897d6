/** Parts of the page are found by what people call them, and each leads to a panel that there is. */
import { expect, it } from 'vitest';
import { panelAt } from './panels.ts';
import { placeGroups, steadyGroups } from './search-groups.ts';
import { found } from '../kit/search/ranking.ts';

const labels = (query: string) =>
  found([...placeGroups(), ...steadyGroups()], query).flatMap(({ entries }) => entries.map(({ label }) => label));

it.each([
  ['sweep', 'Interventions'],
  ['activation patching', 'Interventions'],
  ['watch', 'Watch'],
  ['both transports', 'Both transports'],
  ['openapi', 'OpenAPI document'],
  ['simulate', 'Workloads'],
  ['roofline', 'Benchmark'],
  ['sliding window', 'Sliding window of 16'],
  ['greedy', 'Greedy'],
  ['naive vs flash', 'naive vs flash over lengths'],
])('%s finds %s', (query, label) => expect(labels(query)).toContain(label));

it('no two entries have one id, and none leads out of the page', () => {
  const entries = [...placeGroups(), ...steadyGroups()].flatMap((group) => group.entries);
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
  for (const { id } of entries) if (id.startsWith('part:')) expect(panelAt(id.split(':')[1]!)).toBeDefined();
});
