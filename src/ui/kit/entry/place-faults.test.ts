/** Every error stands at one field or with the form, never at none and never twice. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeFaults, sentenceAt } from './place-faults.ts';

const fault = (path: string) => ({ path, message: 'must be at least 1; it is 0.' });

test('the field that claims the path has it, else the nearest around it, else the form', () => {
  const errors = ['/sizes/tokens', '/priorities/1', '/workload/prompt_tokens/min', '/sizes', '', 'config.json: vocab_size'].map(fault);
  const { at, unclaimed } = placeFaults(errors, new Set(['/sizes/tokens', '/priorities', '/workload', '/workload/prompt_tokens']));
  expect(Object.fromEntries(at)).toEqual({
    '/sizes/tokens': [errors[0]],
    '/priorities': [errors[1]],
    '/workload/prompt_tokens': [errors[2]],
  });
  expect(unclaimed).toEqual(errors.slice(3));
});

test('a name that begins like another is not that one', () => {
  expect(placeFaults([fault('/tokens_more')], new Set(['/tokens'])).unclaimed).toHaveLength(1);
});

test('the field is called as on the page, with the place inside it', () => {
  expect(sentenceAt('Tokens', '/tokens', fault('/tokens'))).toBe('Tokens must be at least 1; it is 0.');
  expect(sentenceAt('Priorities', '/priorities', fault('/priorities/1'))).toBe('Priorities[1] must be at least 1; it is 0.');
  expect(sentenceAt('Requests', '/workload/requests', fault('/workload/requests/0/output_tokens'))).toBe(
    'Requests[0].output_tokens must be at least 1; it is 0.',
  );
  expect(sentenceAt('gpu', '/tiers/0', fault('/tiers/0/capacity_blocks'))).toBe('gpu.capacity_blocks must be at least 1; it is 0.');
});

test('none is lost and none is said twice, whatever is claimed', () => {
  const path = fc.array(fc.constantFrom('a', 'b', '0', '1'), { maxLength: 4 }).map((parts) => parts.map((part) => `/${part}`).join(''));
  fc.assert(
    fc.property(fc.array(path), fc.array(path), (paths, claims) => {
      const errors = paths.map(fault);
      const { at, unclaimed } = placeFaults(errors, new Set(claims));
      const all = [...at.values()].flat().concat(unclaimed);
      expect(all.toSorted((a, b) => errors.indexOf(a) - errors.indexOf(b))).toEqual(errors);
      for (const [claim, held] of at) for (const each of held) expect(each.path === claim || each.path.startsWith(`${claim}/`)).toBe(true);
      for (const each of unclaimed)
        expect(claims.filter(Boolean).some((claim) => each.path === claim || each.path.startsWith(`${claim}/`))).toBe(false);
    }),
  );
});
