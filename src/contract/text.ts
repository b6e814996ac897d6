/** Texts as inputs, and how long they may be: what is longer is refused before anything is made of it. */
import { z } from 'zod';
import { shownNumber } from './invalid-input.ts';

/** Characters (UTF-16 code units) of a text, and of all texts of a call together. */
export const MAX_TEXT_LENGTH = 2_000_000;

export const text = z.string().max(MAX_TEXT_LENGTH);

/** Many texts, together no longer than one may be. */
export const texts = (most: number) =>
  z
    .array(text)
    .min(1)
    .max(most)
    .check(({ value, issues }) => {
      const length = value.reduce((sum, each) => sum + each.length, 0);
      if (length <= MAX_TEXT_LENGTH) return;
      issues.push({
        code: 'custom',
        input: value,
        message: `must have at most ${shownNumber(MAX_TEXT_LENGTH)} characters together; they have ${shownNumber(length)}`,
      });
    });
