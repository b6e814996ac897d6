import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { contract, routes } from '../../../contract/index.ts';
import { parseNumbers } from '../entry/number-text.ts';
import { boundsText, isWithin } from './bounds.ts';
import { blank, type Field, type FieldOf, fits, formModel, typeName, variantOf } from './model.ts';
import { jsonSchemaOf } from '../json/json-schema.ts';

const modelOf = (type: z.ZodType) => formModel(jsonSchemaOf(type, 'input'));

function property(field: Field, name: string) {
  if (field.kind !== 'object') throw new Error(`${field.kind} has no properties`);
  const found = field.properties.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no property ${name}`);
  return found;
}

describe('formModel', () => {
  it('makes an object of every input in the contract', () => {
    for (const { endpoint } of routes) {
      expect(modelOf(endpoint.input).kind).toBe('object');
      expect(() => formModel(jsonSchemaOf(endpoint.output, 'output'))).not.toThrow();
    }
  });

  it('keeps bounds, defaults, descriptions and what is required', () => {
    const form = modelOf(contract.model.endpoints.generate.input);
    const { field, required } = property(form, 'max_new_tokens');
    expect(field).toMatchObject({ kind: 'number', integer: true, minimum: 1, maximum: 100_000, default: 64 });
    expect(required).toBe(false);
    expect(property(form, 'top_p').field).toMatchObject({ exclusiveMinimum: 0, maximum: 1, default: 1 });
    expect(property(form, 'top_k').field).not.toHaveProperty('maximum');
    expect(property(form, 'prompt').field.description).toContain('add_special_tokens');
    expect(property(modelOf(contract.tokenizer.endpoints.tokenize.input), 'text').required).toBe(true);
  });

  it('names the variants of a union by title, tag or type', () => {
    const titles = (field: Field) => (field.kind === 'union' ? field.variants.map((variant) => variant.title) : []);
    expect(titles(property(modelOf(contract.tokenizer.endpoints.tokenize.input), 'text').field)).toEqual(['string', 'string[]']);
    expect(titles(property(modelOf(contract.model.endpoints.forward.input), 'input_ids').field)).toEqual(['integer[]', 'integer[][]']);
    expect(titles(property(modelOf(contract.model.endpoints.swapWeights.input), 'source').field)).toContain('Hugging Face hub');
    expect(titles(modelOf(z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })])))).toEqual(
      ['a', 'b'],
    );
  });

  it('follows references and stops at recursion', () => {
    const tree: z.ZodType = z.object({ name: z.string(), children: z.array(z.lazy(() => tree)) });
    expect(() => modelOf(tree)).not.toThrow();
    const message = property(modelOf(contract.model.endpoints.generate.input), 'messages').field;
    expect(message.kind === 'array' && message.item.kind).toBe('object');
  });

  it('knows the type of what lies deep', () => {
    const done = formModel(jsonSchemaOf(contract.model.endpoints.generate.event!, 'output'));
    const types = (field: Field, path: readonly string[]): string[] => {
      if (field.kind === 'union') return field.variants.flatMap((variant) => types(variant.field, path));
      if (field.kind === 'array') return types(field.item, path);
      const [name, ...rest] = path;
      if (name === undefined) return [typeName(field)];
      const own = field.kind === 'object' ? field.properties.find((each) => each.name === name) : undefined;
      return own ? types(own.field, rest) : [];
    };
    expect(types(done, ['data', 'choices', 'logprobs', 'top', 'token_id'])).toEqual(['integer']);
  });

  it('takes a Blob for base64 on the wire', () => {
    const source = property(modelOf(contract.model.endpoints.swapWeights.input), 'source').field;
    const upload =
      source.kind === 'union'
        ? source.variants.find((variant) => blank(variant.field) && variantTag(variant.field) === 'upload')?.field
        : undefined;
    const files = property(upload!, 'files').field as FieldOf<'array'>;
    expect(property(files.item, 'data').field).toMatchObject({ kind: 'string', base64: true });
  });
});

const variantTag = (field: Field) => (blank(field) as { kind?: string }).kind;

describe('variantOf', () => {
  const union = property(modelOf(contract.model.endpoints.forward.input), 'input_ids').field as FieldOf<'union'>;
  it.each([
    [[1, 2], 0],
    [[[1], [2]], 1],
    [[], 0],
    [undefined, 0],
    [['wrong'], 0],
  ])('%j is variant %i', (value, index) => expect(variantOf(union, value)).toBe(index));

  it('goes by the tag where the rest is missing', () => {
    const source = property(modelOf(contract.model.endpoints.swapWeights.input), 'source').field as FieldOf<'union'>;
    expect(source.variants[variantOf(source, { kind: 'url' })]?.title).toBe('Folder at a URL');
  });
});

describe('blank', () => {
  it('gives each variant of each input a value that fits it', () => {
    const check = (field: Field): void => {
      expect(fits(field, blank(field)), typeName(field)).toBe(true);
      if (field.kind === 'union') for (const variant of field.variants) check(variant.field);
      if (field.kind === 'object') for (const { field: child } of field.properties) check(child);
      if (field.kind === 'array') check(field.item);
    };
    for (const { endpoint } of routes) check(modelOf(endpoint.input));
  });
});

describe('bounds', () => {
  it.each([
    [z.int().min(1).max(100_000), '1 – 100\u202fk'],
    [z.number().gt(0).max(1), '> 0, ≤ 1'],
    [z.int().min(0), '≥ 0'],
    [z.string().max(128), '≤ 128 characters'],
    [z.array(z.string()).min(1), 'not empty'],
    [z.boolean(), ''],
  ])('%#', (type, text) => expect(boundsText(modelOf(type))).toBe(text));

  it('knows a number outside', () => {
    const field = modelOf(z.int().min(0).max(9)) as FieldOf<'number'>;
    expect([4, 0, 9].every((value) => isWithin(field, value))).toBe(true);
    expect([4.5, -1, 10].some((value) => isWithin(field, value))).toBe(false);
  });

  it('reads ids as people paste them', () => {
    expect(parseNumbers('[1, 5,6  7]')).toEqual([1, 5, 6, 7]);
    expect(parseNumbers('')).toEqual([]);
    expect(parseNumbers('1, two')).toBeUndefined();
  });
});
