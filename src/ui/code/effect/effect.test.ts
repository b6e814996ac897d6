/** The arithmetic of the effect: planted divergences are found where they were planted, with few comparisons. */
import { describe, expect, test } from 'vitest';
import { type Captures, firstDivergence } from './bisect.ts';
import { differenceOf, firstDifference, topAgreement } from '../../../contract/value-difference.ts';

const LAYERS = 30;

/** A model of which everything from `hookPoint` of `layer` on is off by `by`. */
function model(layer = Infinity, hookPoint = 'q', by = 1): Captures {
  const inside = ['q', 'k', 'v', 'attn_out', 'mlp_out'];
  const captures: Record<string, Float32Array> = {};
  const off = (is: boolean) => new Float32Array([1, 2, 3]).map((value) => (is ? value + by : value));
  for (let i = 0; i <= LAYERS; i++) captures[`hidden_states.${i}`] = off(i > layer);
  for (let i = 0; i < LAYERS; i++)
    for (const [at, name] of inside.entries())
      captures[`layers.${i}.${name}`] = off(i > layer || (i === layer && at >= inside.indexOf(hookPoint)));
  return captures;
}

describe('the first divergence', () => {
  test.each([
    [0, 'q'],
    [0, 'attn_out'],
    [13, 'k'],
    [17, 'mlp_out'],
    [29, 'v'],
  ])('in layer %i at %s', (layer, name) => {
    const found = firstDivergence(model(), model(layer, name));
    expect(found).toMatchObject({ layer, hookPoint: `layers.${layer}.${name}`, maxDifference: 1 });
    expect(found!.comparisons).toBeLessThan(13);
  });
  test('none', () => expect(firstDivergence(model(), model())).toBeNull());
  test('rounding is none', () => expect(firstDivergence(model(), model(3, 'q', 1e-6))).toBeNull());
  test('the embeddings', () => {
    expect(firstDivergence(model(), model(-1))).toMatchObject({ layer: null, hookPoint: 'hidden_states.0', operator: 'embeddings' });
  });
  test('the final norm', () => {
    const after = { ...model(), [`hidden_states.${LAYERS}`]: new Float32Array([1, 2, 4]) };
    expect(firstDivergence(model(), after)).toMatchObject({
      layer: 29,
      hookPoint: 'hidden_states.30',
      operator: 'final norm or residual sum',
    });
  });
  test('what never reaches the residual stream', () => {
    const after = { ...model(), 'layers.4.k': new Float32Array([9, 9, 9]) };
    expect(firstDivergence(model(), after)).toMatchObject({ layer: 4, hookPoint: 'layers.4.k' });
  });
  test('without captures', () => expect(firstDivergence({}, {})).toBeNull());
});

describe('differences', () => {
  test('max and mean', () => expect(differenceOf([1, 2, 3], [1, 4, 2])).toEqual({ max: 2, mean: 1 }));
  test('NaN on one side', () => expect(differenceOf([1], [Number.NaN]).max).toBe(Infinity));
  test('NaN and infinities on both', () => expect(differenceOf([Number.NaN, -Infinity], [Number.NaN, -Infinity]).max).toBe(0));
  test('another shape', () => expect(differenceOf([1], [1, 2]).max).toBe(Infinity));
  test('nothing', () => expect(differenceOf([], [])).toEqual({ max: 0, mean: 0 }));
  test.each([
    [[1, 2, 3], [1, 2, 4], 2],
    [[1, 2], [1, 2, 3], 2],
    [[1, 2], [1, 2], null],
    [[], [], null],
  ])('%j and %j part at %s', (a, b, at) => expect(firstDifference(a, b)).toBe(at));
  test('agreement of the best', () => expect(topAgreement([0, 1, 5, 2], [0, 9, 2, 5], 2)).toBe(0.5));
});
