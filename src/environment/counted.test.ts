/** One of a thing is no several. */
import { expect, it } from 'vitest';
import { counted } from './counted.ts';

it('says one and several', () => {
  expect([0, 1, 2].map((count) => counted(count, 'file'))).toEqual(['0 files', '1 file', '2 files']);
  expect(counted(1, 'cached block was', 'cached blocks were')).toBe('1 cached block was');
});
