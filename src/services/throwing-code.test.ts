/** Code under patch that passed its check and throws later: whoever meets it is told whose it is, and the service goes on. */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { GraphError } from '../engine/graph/index.ts';
import { lru } from '../patchable/memory/index.ts';
import sample from '../patchable/sampler/default.ts';
import { fcfs } from '../patchable/scheduler/index.ts';
import normalize from '../patchable/tokenizer/normalizer.ts';
import { active, loadTinyModel, operations } from '../testing/reference-workbench.ts';
import { createRestApp } from '../transport/rest/app.ts';

const app = createRestApp(operations);
const post = async (path: string, body: object) => {
  const response = await app.fetch(
    new Request(`http://glassbox/api${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  );
  return { status: response.status, text: await response.text() };
};
const fail = (): never => {
  throw new TypeError('no such thing');
};
const generation = { input_ids: [1, 2], max_new_tokens: 3, ignore_eos: true };
const workload = { kind: 'requests', requests: Array.from({ length: 6 }, () => ({ prompt_tokens: 40, output_tokens: 4 })) };
const schedule = { workload, num_blocks: 8, block_size: 16, include_steps: false };

beforeAll(loadTinyModel);
afterEach(async () => {
  active.engine.setSampler(sample);
  active.text.setNormalizer(normalize);
  await active.engine.configure({ policy: fcfs, policyParameters: {}, eviction: lru });
});

const codeInvalid = { status: 422, text: expect.stringMatching(/no such thing.*"code":"code_invalid"/) as string };

describe('is code_invalid', () => {
  test('a sampler, whole and as a stream', async () => {
    active.engine.setSampler(fail);
    expect(await post('/model/generate', generation)).toMatchObject(codeInvalid);
    const { text } = await post('/model/generate', { ...generation, stream: true });
    expect(text).toMatch(/"code":"code_invalid"/);
    active.engine.setSampler(() => 0.5);
    expect(await post('/model/generate', generation)).toMatchObject({
      status: 422,
      text: expect.stringContaining('The sampler gave 0.5') as string,
    });
  });

  test('a policy that ranks, in a simulation and live; requests are served by the order of arrival', async () => {
    await active.engine.configure({ policy: { ...fcfs, name: 'mine', create: () => ({ rank: fail }) } });
    expect(await post('/scheduler/schedule', schedule)).toMatchObject(codeInvalid);
    expect(
      await post('/scheduler/schedule', {
        workload: { kind: 'requests', requests: [{ prompt_tokens: 2, output_tokens: 1 }] },
        mode: 'run',
      }),
    ).toMatchObject(codeInvalid);
    expect(await post('/model/generate', generation)).toMatchObject({ status: 200 });
  });

  test('a policy that can not be made', async () => {
    let isBroken = false;
    await active.engine.configure({ policy: { ...fcfs, name: 'mine', create: () => (isBroken ? fail() : { rank: () => 0 }) } });
    isBroken = true;
    expect(await post('/scheduler/schedule', schedule)).toMatchObject(codeInvalid);
    isBroken = false;
  });

  test('an eviction rule', async () => {
    await active.engine.configure({ eviction: { ...lru, name: 'mine', score: fail } });
    expect(await post('/scheduler/schedule', schedule)).toMatchObject(codeInvalid);
  });

  test('a normalizer', async () => {
    let calls = 0;
    active.text.setNormalizer((text) => (text === 'boom' && ++calls > 0 ? fail() : text));
    expect(await post('/tokenizer/tokenize', { text: 'boom' })).toMatchObject(codeInvalid);
    expect(await post('/model/generate', { prompt: 'boom' })).toMatchObject(codeInvalid);
    expect(await post('/tokenizer/tokenize', { text: ['fine', 'boom'] })).toMatchObject(codeInvalid);
    expect(calls).toBeGreaterThan(2);
  });

  test('a fragment whose graph can no longer be built', async () => {
    const { runner } = active.engine;
    const run = runner.run.bind(runner);
    runner.run = () => Promise.reject(new GraphError('no such thing', '', '', ''));
    try {
      expect(await post('/model/generate', generation)).toMatchObject(codeInvalid);
      expect(await post('/model/forward', { input_ids: [1] })).toMatchObject(codeInvalid);
    } finally {
      runner.run = run;
    }
  });
});

test('logits that are not finite end the generation by that name', async () => {
  const { runner } = active.engine;
  const run = runner.run.bind(runner);
  runner.run = async (rows, options) => {
    const result = await run(rows, options);
    result.logits[0]![3] = Number.NaN;
    return result;
  };
  try {
    expect(await post('/model/generate', generation)).toMatchObject({
      status: 422,
      text: expect.stringMatching(/token 3 is NaN.*"code":"not_finite"/) as string,
    });
  } finally {
    runner.run = run;
  }
});
