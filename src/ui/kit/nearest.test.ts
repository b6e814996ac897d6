/** A mistyped name leads to the one that was meant, and nonsense to none. */
import { expect, it } from 'vitest';
import { nearest } from './nearest.ts';

const PANELS = ['playground', 'api', 'scripts', 'code', 'tests', 'memory', 'scheduler', 'computation'];

it('finds what was meant', () => {
  expect(nearest('playgruond', PANELS)).toEqual(['playground']);
  expect(nearest('Schedule', PANELS)).toEqual(['scheduler']);
  expect(nearest('softmax', ['wgsl.softmax', 'wgsl.rope'])).toEqual(['wgsl.softmax']);
});

it('finds nothing in nonsense', () => {
  expect(nearest('xxxxxxxxxxxx', PANELS)).toEqual([]);
});
