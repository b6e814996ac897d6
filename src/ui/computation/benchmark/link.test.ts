/** Links to a benchmark: who is chosen, and what is said of those that are not there. */
import { expect, it } from 'vitest';
import { EMPTY } from './benchmark-draft.ts';
import { linkedBy, remarksOn, withKnown } from './link.ts';

const KERNELS = [{ id: 'naive' }, { id: 'grouped' }];
const PLANS = [{ id: 'default' }];

it.each([
  ['', null, []],
  ['kernel=naive&kernel=grouped&plan=default', { kernels: ['naive', 'grouped'], plans: ['default'] }, []],
  ['kernel=naive&kernel=naive', { kernels: ['naive'], plans: [] }, []],
  ['kernel=nonsense&plan=gone', { kernels: [], plans: [] }, ['There is no kernel “nonsense”.', 'There is no plan “gone”.']],
  ['kernel=naive&kernel=', { kernels: ['naive'], plans: [] }, ['There is no kernel “”.']],
  ['kernl=naive', null, ['“kernl” is no parameter of the benchmark: it was left out.']],
])('%s', (search, chosen, remarks) => {
  const linked = linkedBy(search);
  expect(linked && withKnown(linked, KERNELS, PLANS)).toEqual(chosen && { ...EMPTY, ...chosen });
  expect(remarksOn(search, KERNELS, PLANS)).toEqual(remarks);
});

it('leaves a draft of those that are there as it is', () => {
  const draft = { ...EMPTY, kernels: ['naive'] };
  expect(withKnown(draft, KERNELS, PLANS)).toBe(draft);
});
