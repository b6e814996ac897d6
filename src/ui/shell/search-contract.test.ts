/** Ctrl-K finds every name that the contract has, by the contract itself: nothing here is a list that could be forgotten. */
import { expect, it } from 'vitest';
import { routes } from '../../contract/index.ts';
import { jsonSchemaOf } from '../kit/json/json-schema.ts';
import { fieldsIn } from '../kit/search/schema-fields.ts';
import { found } from '../kit/search/ranking.ts';
import { steadyGroups } from './search-groups.ts';

const first = (query: string) => found(steadyGroups(), query).flatMap(({ entries }) => entries)[0];
const all = (query: string) => found(steadyGroups(), query).flatMap(({ entries }) => entries.map(({ label }) => label));

const lastOf = (path: string) => path.split('.').at(-1)!;

it('every field, value and other name of every endpoint is found by its name', () => {
  const fields = routes.flatMap(({ path: of, endpoint }) =>
    fieldsIn(jsonSchemaOf(endpoint.input, 'input')).map((field) => ({ ...field, of, name: lastOf(field.path) })),
  );
  for (const name of new Set(fields.map((field) => field.name)))
    expect(lastOf(first(name)!.label).toLowerCase(), name).toBe(name.toLowerCase());
  for (const value of new Set(fields.flatMap(({ values }) => values))) expect(all(value), value).toContain(value);
  for (const { of, name, otherNames } of fields)
    for (const other of otherNames) expect(all(`${other} ${of}`).map(lastOf), other).toContain(name);
});

it.each([
  ['burstiness', 'workload.burstiness'],
  ['hook_point', 'taps.hook_point'],
  ['sigma', /\.sigma$/],
  ['role', 'messages.role'],
  ['ttft_ms', /(^|\.)ttft_ms$/],
  ['lru', 'lru'],
  ['hrrn', 'hrrn'],
  ['max_tokens', 'max_new_tokens'],
  ['context_exceeded', /\//],
] as const)('%s', (query, label) => {
  if (typeof label === 'string') expect(all(query)).toContain(label);
  else expect(first(query)?.label).toMatch(label);
});

it('no two entries have one id', () => {
  const ids = steadyGroups().flatMap(({ entries }) => entries.map(({ id }) => id));
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
});
