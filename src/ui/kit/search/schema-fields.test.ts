/** Names in a schema: none is too deep, a type that holds itself ends, and a pointer leads to what a form can show. */
import { expect, it } from 'vitest';
import { z } from 'zod';
import { alsoCalled } from '../../../contract/known-names.ts';
import { jsonSchemaOf } from '../json/json-schema.ts';
import { fieldsIn } from './schema-fields.ts';

const fieldsOf = (type: z.ZodType) => fieldsIn(jsonSchemaOf(type, 'input'));
const paths = (type: z.ZodType) => fieldsOf(type).map(({ path, pointer }) => `${path} at ${pointer}`);

it('goes into objects, variants, lists and maps', () => {
  const length = z.discriminatedUnion('distribution', [
    z.object({ distribution: z.literal('fixed'), value: z.int() }),
    z.object({ distribution: z.literal('lognormal'), sigma: z.number() }),
  ]);
  const type = z.object({
    workload: z.object({ prompt_tokens: length, 'a/b': z.boolean() }).optional(),
    taps: z.array(z.object({ hook_point: z.string() })),
    grid: z.partialRecord(z.enum(['kernel', 'batch_size']), z.array(z.object({ deep: z.number() }))),
  });
  expect(paths(type)).toEqual([
    'workload at /workload',
    'workload.prompt_tokens at /workload/prompt_tokens',
    'workload.prompt_tokens.distribution at /workload/prompt_tokens/distribution',
    'workload.prompt_tokens.value at /workload/prompt_tokens/value',
    'workload.prompt_tokens.sigma at /workload/prompt_tokens/sigma',
    'workload.a/b at /workload/a~1b',
    'taps at /taps',
    'taps.hook_point at /taps',
    'grid at /grid',
    'grid.deep at /grid',
  ]);
  const valuesOf = (path: string) => fieldsOf(type).find((each) => each.path === path)?.values;
  expect(valuesOf('workload.prompt_tokens.distribution')).toEqual(['fixed', 'lognormal']);
  expect(valuesOf('grid')).toEqual(['kernel', 'batch_size']);
});

it('ends in a type that holds itself', () => {
  const node: z.ZodType = z.object({
    name: z.string(),
    get children() {
      return z.array(node);
    },
  });
  expect(paths(z.object({ root: node })).slice(0, 3)).toEqual([
    'root at /root',
    'root.name at /root/name',
    'root.children at /root/children',
  ]);
});

it('has the other names, through what may be left out', () => {
  const type = z.object({ max_new_tokens: z.int().default(16).meta(alsoCalled('max_tokens')) });
  expect(fieldsOf(type)).toMatchObject([{ path: 'max_new_tokens', otherNames: ['max_tokens'] }]);
});
