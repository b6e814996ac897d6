/** A patch is suspected when the worker was ended twice amid the same work of our own, and not before. */
import { afterEach, expect, it } from 'vitest';
import { forgetEnds, noteEnd } from './ended-at-work.ts';

const SAMPLER = { id: 'sampler', revisionId: '1' };
const OTHER = { id: 'sampler', revisionId: '2' };
afterEach(forgetEnds);

it('suspects what was active both times', () => {
  expect(noteEnd('tokenize', [SAMPLER])).toEqual([]);
  expect(noteEnd('tokenize', [SAMPLER, OTHER])).toEqual([SAMPLER]);
});

it('suspects nothing amid other work, or where the work came to an end in between', () => {
  noteEnd('tokenize', [SAMPLER]);
  expect(noteEnd('simulate', [SAMPLER])).toEqual([]);
  forgetEnds();
  expect(noteEnd('simulate', [SAMPLER])).toEqual([]);
});
