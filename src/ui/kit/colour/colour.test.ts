/** The scales must be even to the eye and keep text readable: measured, not judged. */
import { describe, expect, it } from 'vitest';
import {
  attentionLevel,
  contrast,
  distance,
  heatScale,
  rgbToOklab,
  type Scheme,
  surpriseLevel,
  TINT_LEVELS,
  TINT_TEXT,
  tintScale,
} from './colour.ts';

const SCHEMES: Scheme[] = ['light', 'dark'];

describe.each(SCHEMES)('%s', (scheme) => {
  it('has heat colours in equal OKLab steps, with lightness in one direction', () => {
    // Every 15th, and a seventh of tolerance: near black the rounding to 8 bits is that coarse.
    const sampled = heatScale(scheme)
      .filter((_, index) => index % 15 === 0)
      .map(rgbToOklab);
    const steps = sampled.slice(1).map((colour, index) => distance(colour, sampled[index]!));
    const mean = steps.reduce((a, b) => a + b) / steps.length;
    for (const step of steps) expect(Math.abs(step / mean - 1)).toBeLessThan(0.15);
    const lightness = sampled.map(([l]) => l);
    const ordered = lightness.toSorted((a, b) => (scheme === 'light' ? b - a : a - b));
    expect(lightness).toEqual(ordered);
  });

  it.each(['surprise', 'attention'] as const)('keeps text on every %s tint at WCAG AA', (kind) => {
    const scale = tintScale(kind, scheme);
    expect(scale).toHaveLength(TINT_LEVELS);
    for (const tint of scale) expect(contrast(tint, TINT_TEXT[scheme])).toBeGreaterThanOrEqual(4.5);
  });
});

it('knows the contrast of black on white', () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21);
});

it('spreads surprise evenly over bits', () => {
  expect(surpriseLevel(null)).toBe(0);
  expect(surpriseLevel(0)).toBe(0);
  expect(surpriseLevel(Math.log(1 / 16))).toBe(TINT_LEVELS / 2);
  expect(surpriseLevel(Math.log(1 / 256))).toBe(TINT_LEVELS);
  expect(surpriseLevel(-Infinity)).toBe(TINT_LEVELS);
});

it('gives attention its level relative to the greatest', () => {
  expect(attentionLevel(0, 1)).toBe(0);
  expect(attentionLevel(0.25, 1)).toBe(TINT_LEVELS / 4);
  expect(attentionLevel(0.3, 0.3)).toBe(TINT_LEVELS);
  expect(attentionLevel(0.3, 0)).toBe(0);
});
