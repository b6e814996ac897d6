/** A patch that was at work is told from a model that hangs, and a model from the work of a person. */
import { expect, it } from 'vitest';
import { suspicionOf } from './suspicion.ts';
import type { Work } from './environment/work.ts';

const SAMPLER = { id: 'sampler', revisionId: '1' };
const ATTENTION = { id: 'model.attention', revisionId: '2' };
const work = (kind: Work['kind'], patch: Work['patch'] = null): Work => ({ kind, what: 'something', patch });

it('suspects the patch at work, and no model beside it', () => {
  expect(suspicionOf(work('patch', SAMPLER), [SAMPLER, ATTENTION])).toEqual({
    patches: [{ ...SAMPLER, why: 'silent' }],
    isModel: false,
  });
  expect(suspicionOf(work('runtime'), [SAMPLER, ATTENTION])).toEqual({ patches: [{ ...ATTENTION, why: 'silent' }], isModel: false });
});

it('suspects every active patch before the model where nothing was said, and then the model', () => {
  expect(suspicionOf(null, [SAMPLER])).toEqual({ patches: [{ ...SAMPLER, why: 'active' }], isModel: false });
  expect(suspicionOf(work('look'), [SAMPLER]), 'a look into the state takes no time of its own').toEqual(suspicionOf(null, [SAMPLER]));
  expect(suspicionOf(null, [])).toEqual({ patches: [], isModel: true });
});

it('suspects the model where no patch had a part in it, and nothing where a script was at work', () => {
  expect(suspicionOf(work('runtime'), [SAMPLER])).toEqual({ patches: [], isModel: true });
  expect(suspicionOf(work('service'), [SAMPLER, ATTENTION])).toEqual({ patches: [], isModel: true });
  expect(suspicionOf(work('script'), [SAMPLER])).toEqual({ patches: [], isModel: false });
});
