/** Ctrl-K puts the thing that is named before those that only mention it, and stays quick with thousands. */
import { expect, it } from 'vitest';
import { found, type SearchEntry } from './ranking.ts';

const entry = (label: string, description = '', keywords = ''): SearchEntry => ({ id: label, label, description, keywords, run: () => {} });
const labels = (groups: ReturnType<typeof found>) => groups.flatMap(({ entries }) => entries.map(({ label }) => label));

const GROUPS = [
  { group: 'Actions', first: true, entries: [entry('Load a model', 'From the hub', 'weights')] },
  { group: 'Endpoints', entries: [entry('/tokenizer/config', '', 'GET'), entry('/tokenizer/tokenize', 'Text to ids', 'POST')] },
  { group: 'Parameters', entries: [entry('temperature', 'POST /model/generate'), entry('text', 'POST /tokenizer/tokenize')] },
];

it('shows what is at hand before anything is typed', () => {
  expect(labels(found(GROUPS, ' '))).toEqual(['Load a model']);
});

it('ranks the name above what mentions it', () => {
  expect(labels(found(GROUPS, 'POST tokenize'))).toEqual(['/tokenizer/tokenize', 'text']);
  expect(labels(found(GROUPS, 'temperature'))[0]).toBe('temperature');
  expect(labels(found(GROUPS, 'weights'))).toEqual(['Load a model']);
  expect(labels(found(GROUPS, 'nonsense'))).toEqual([]);
});

it('takes the end of a path for the name of a field', () => {
  const paths = [{ group: 'Fields', entries: ['sizes.heads', 'burstiness_of_all', 'workload.burstiness'].map((path) => entry(path)) }];
  expect(labels(found(paths, 'burstiness'))).toEqual(['workload.burstiness', 'burstiness_of_all']);
});

it('takes what others call it for its name', () => {
  const entries = [entry('tokens', 'max_tokens of what'), { ...entry('max_new_tokens'), otherNames: ['max_tokens'] }];
  expect(labels(found([{ group: 'Fields', entries }], 'max_tokens'))[0]).toBe('max_new_tokens');
});

it('shows a few of many', () => {
  const many = [{ group: 'Cases', entries: Array.from({ length: 5000 }, (_, i) => entry(`case ${i}`)) }];
  expect(labels(found(many, 'case')).length).toBeLessThan(20);
  expect(labels(found(many, 'case 4999'))).toEqual(['case 4999']);
});
