/** What a wrong input is told: each fault once, at its place, in plain words, with the name that was meant. */
import { describe, expect, test } from 'vitest';
import { ApiError, contract, parseInput, type Endpoint } from './index.ts';

function faults(endpoint: Endpoint, input: unknown): { detail: string; errors: [path: string, message: string][] } {
  try {
    parseInput(endpoint.input.strict(), input);
  } catch (error) {
    const { message, errors } = ApiError.from(error);
    return { detail: message, errors: errors.map((item) => [item.path, item.message]) };
  }
  throw new Error('The input was taken.');
}

const { generate, forward, swapWeights } = contract.model.endpoints;
const { schedule, setPolicy } = contract.scheduler.endpoints;
const { tokenize, configure: configureTokenizer } = contract.tokenizer.endpoints;
const { execute, benchmark, runExperiment, createPlan } = contract.computation.endpoints;
const endpoints = {
  generate,
  forward,
  swapWeights,
  schedule,
  setPolicy,
  tokenize,
  configureTokenizer,
  execute,
  benchmark,
  runExperiment,
  createPlan,
};
const workload = (requests: object[]) => ({ workload: { kind: 'requests', requests } });

describe('a fault is said once, at its place', () => {
  test.each<[keyof typeof endpoints, unknown, string, string]>([
    ['generate', { prompt: 'a', max_new_tokens: -5 }, '/max_new_tokens', 'must be at least 1; it is −5.'],
    ['generate', { prompt: 'a', seed: -70_000 }, '/seed', 'must be at least 0; it is −70,000.'],
    ['generate', { prompt: 'a', max_new_tokens: 2.5 }, '/max_new_tokens', 'must be a whole number; it is 2.5.'],
    ['generate', { prompt: 'a', top_p: 0 }, '/top_p', 'must be greater than 0; it is 0.'],
    ['generate', { prompt: 'a', temperature: 'hot' }, '/temperature', 'must be a number; it is "hot".'],
    ['generate', { prompt: 'a', temperature: null }, '/temperature', 'must be a number; it is null.'],
    ['generate', { prompt: 'a', temperature: Number.NaN }, '/temperature', 'must be a number; it is NaN.'],
    ['generate', { prompt: 'a', top_k: 1e300 }, '/top_k', 'must be a whole number that is exact; it is 1e+300.'],
    ['generate', { prompt: 'a', stop: ['', 'b'] }, '/stop/0', 'must not be empty.'],
    ['generate', { prompt: 'a', stop: 'b' }, '/stop', 'must be a list; it is "b".'],
    ['generate', { prompt: 'a', id: '..' }, '/id', 'must not be . or ..; it is "..".'],
    ['generate', { prompt: 'a', ignore_eos: 1 }, '/ignore_eos', 'must be true or false; it is 1.'],
    ['generate', {}, '/prompt', 'is required, or else input_ids or messages.'],
    [
      'generate',
      { prompt: 'a', input_ids: [1] },
      '/input_ids',
      "can't be given together with prompt: exactly one of prompt, input_ids and messages is taken.",
    ],
    ['tokenize', {}, '/text', 'is required.'],
    ['tokenize', { text: 7 }, '/text', 'must be a text or a list; it is 7.'],
    ['tokenize', { text: ['a', 7] }, '/text/1', 'must be a text; it is 7.'],
    ['tokenize', { text: 'x'.repeat(2_000_001) }, '/text', 'must have at most 2,000,000 characters; it has 2,000,001.'],
    ['tokenize', { text: ['x'.repeat(2_000_000), 'x'] }, '/text', 'must have at most 2,000,000 characters together; they have 2,000,001.'],
    [
      'tokenize',
      { text: 'a', padding: 'longst' },
      '/padding',
      'must be one of "none", "longest", "max_length"; it is "longst" (did you mean "longest"?).',
    ],
    ['configureTokenizer', { source: 'custom' }, '/tokenizer_json', 'is required where source is "custom".'],
    ['swapWeights', {}, '/source', 'is required.'],
    ['swapWeights', { source: {} }, '/source/kind', 'is required: one of "bundled", "url", "hub", "upload".'],
    ['swapWeights', { source: { kind: 'ftp' } }, '/source/kind', 'must be one of "bundled", "url", "hub", "upload"; it is "ftp".'],
    ['swapWeights', { source: 'default' }, '/source', 'must be an object; it is "default".'],
    ['swapWeights', { source: { kind: 'hub', repo: 'x' } }, '/source/repo', 'must be owner/name; it is "x".'],
    [
      'schedule',
      workload([{ prompt: 'a', prompt_tokens: 1, output_tokens: 1 }]),
      '/workload/requests/0/prompt_tokens',
      "can't be given together with prompt: exactly one of prompt and prompt_tokens is taken.",
    ],
    ...(['prompt_tokens', 'output_tokens'] as const).map((field): [keyof typeof endpoints, unknown, string, string] => [
      'schedule',
      {
        workload: {
          ...{ kind: 'poisson', rate: 1, num_requests: 1 },
          ...{ prompt_tokens: { distribution: 'fixed', tokens: 1 }, output_tokens: { distribution: 'fixed', tokens: 1 } },
          [field]: { distribution: 'uniform', min: 500, max: 160 },
        },
      },
      `/workload/${field}/min`,
      'must be at most max, which is 160; it is 500.',
    ]),
    ['schedule', workload([{ output_tokens: 1 }]), '/workload/requests/0/prompt', 'is required, or else prompt_tokens.'],
    [
      'execute',
      { plan: {}, kernel: 'naive' },
      '/kernel',
      "can't be given together with plan: exactly one of plan_id, plan and kernel is taken.",
    ],
    [
      'execute',
      { kernel: 'a', inputs: { x: { dtype: 'float32', shape: [2], data: [1, 1e39] } } },
      '/inputs/x/data/1',
      'must be a finite float32; it is 1e+39.',
    ],
    [
      'execute',
      { kernel: 'a', inputs: { x: { dtype: 'uint8', shape: [1], data: [256] } } },
      '/inputs/x/data/0',
      'must be of uint8; it is 256.',
    ],
    [
      'execute',
      { kernel: 'a', inputs: { x: { dtype: 'float32', shape: [2], data: [1] } } },
      '/inputs/x/data',
      'must have 2 values for the shape [2]; it has 1.',
    ],
    [
      'execute',
      { kernel: 'a', inputs: { x: { dtype: 'float32', shape: [1], data: '?' } } },
      '/inputs/x/data',
      'must be base64 of the values.',
    ],
    [
      'execute',
      { kernel: 'a', inputs: { x: { dtype: 'float32', shape: [1], data: new Float32Array([Infinity]) } } },
      '/inputs/x/data/0',
      'must be a finite float32; it is Infinity.',
    ],
    ['benchmark', {}, '/kernels', 'must have at least one item, or else plan_ids must.'],
    [
      'runExperiment',
      { plan_id: 'a', plan: {} },
      '/plan',
      "can't be given together with plan_id: at most one of plan_id and plan is taken.",
    ],
    [
      'runExperiment',
      { grid: { colour: ['red'] } },
      '/grid/colour',
      expect.stringMatching(/^is no field here; there are kernel, batch_size, .*code_revisions\.$/) as never,
    ],
    ['createPlan', { name: 'a', id: 'a b' }, '/id', 'must be 1 to 128 letters, digits, `.`, `_` and `-`; it is "a b".'],
    [
      'forward',
      { input_ids: [1], taps: [{ hook_point: 'a', op: 'scale', value: 1e39 }] },
      '/taps/0/value',
      expect.stringMatching(/^must be at most 3\.40282346638\d+e\+38; it is 1e\+39\.$/) as never,
    ],
    ['forward', { input_ids: [] }, '/input_ids', 'must not be empty.'],
  ])('%s %j', (name, input, path, message) => {
    const { detail, errors } = faults(endpoints[name], input);
    expect(errors).toEqual([[path, message]]);
    const place = path
      .slice(1)
      .replaceAll(/\/(\d+)/g, '[$1]')
      .replaceAll('/', '.');
    expect(detail).toBe(`${place} ${errors[0]![1]}`);
  });

  test('an input that is no object', () => {
    expect(faults(tokenize, 5)).toEqual({ detail: 'The input must be an object; it is 5.', errors: [['', 'must be an object; it is 5.']] });
  });

  test('several faults are several entries, beside a rule that is broken', () => {
    const { detail, errors } = faults(generate, { max_new_tokens: 0, temprature: 1, n: 99 });
    expect(errors.map(([path]) => path).toSorted()).toEqual(['/max_new_tokens', '/n', '/prompt', '/temprature']);
    expect(detail.match(/max_new_tokens/g)).toHaveLength(1);
  });

  test('of a million wrong numbers, the first are told', () => {
    const { detail, errors } = faults(forward, { input_ids: Array<number>(200_000).fill(-1) });
    expect(errors).toHaveLength(100);
    expect(detail).toMatch(/^input_ids\[0\] must be at least 0; it is −1\. .*There are \d+ more faults/);
  });
});

describe('an unknown field', () => {
  test.each<[keyof typeof endpoints, object, string, string]>([
    ['generate', { prompt: 'a', max_tokens: 1 }, '/max_tokens', 'max_new_tokens'],
    ['generate', { prompt: 'a', maxNewTokens: 1 }, '/maxNewTokens', 'max_new_tokens'],
    ['generate', { prompt: 'a', temprature: 1 }, '/temprature', 'temperature'],
    ['generate', { prompt: 'a', 'top-k': 1 }, '/top-k', 'top_k'],
    ['generate', { prompt: 'a', num_return_sequences: 2 }, '/num_return_sequences', 'n'],
    ['generate', { prompt: 'a', stop_sequences: ['x'] }, '/stop_sequences', 'stop'],
    ['tokenize', { text: 'a', return_offsets_mapping: true }, '/return_offsets_mapping', 'return_offsets'],
    ['setPolicy', { max_num_batched_tokens: 3 }, '/max_num_batched_tokens', 'token_budget'],
    ['schedule', workload([{ prompt_tokens: 1, output_tokens: 1, arival_ms: 3 }]), '/workload/requests/0/arival_ms', 'arrival_ms'],
    [
      'schedule',
      {
        workload: {
          kind: 'closed_loop',
          concurency: 2,
          concurrency: 2,
          num_requests: 1,
          prompt_tokens: { distribution: 'fixed', tokens: 1 },
          output_tokens: { distribution: 'fixed', tokens: 1 },
        },
      },
      '/workload/concurency',
      'concurrency',
    ],
    ['forward', { input_ids: [1], taps: [{ hook_point: 'a', op: 'ablate', token: [1] }] }, '/taps/0/token', 'tokens'],
    ['runExperiment', { grid: { batchsize: [1] } }, '/grid/batchsize', 'batch_size'],
    ['swapWeights', { source: { kind: 'hub', repo: 'a/b', revison: 'main' } }, '/source/revison', 'revision'],
  ])('%s %j', (name, input, path, meant) => {
    expect(faults(endpoints[name], input).errors).toEqual([[path, `is no field here; did you mean ${meant}?`]]);
  });

  test('that is like no other is told those there are', () => {
    expect(faults(configureTokenizer, { colour: 'red' }).errors).toEqual([
      ['/colour', 'is no field here; there are source, tokenizer_json, tokenizer_config.'],
    ]);
    expect(faults(contract.tokenizer.endpoints.examples, { colour: 'red' }).errors).toEqual([
      ['/colour', 'is no field here; only endpoint is.'],
    ]);
  });
});
