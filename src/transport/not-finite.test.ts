/** What is not finite: refused by name going in, named coming out, and the same on both transports. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiError, contract, type Route, routes, tensorData } from '../contract/index.ts';
import { bothTransports } from '../testing/both-transports.ts';
import { loadTinyModel, operations } from '../testing/reference-workbench.ts';
import { notSayable } from './sayable.ts';

const broken = { ...operations, tokenizer: { ...operations.tokenizer, config: () => ({ vocab_size: 0 / 0 }) } };
const { direct, restful, close } = bothTransports(broken);
beforeAll(loadTinyModel);
afterAll(close);

const route = (operation: string): Route => routes.find((each) => each.operation === operation)!;
const forward = route('forward');
/** Of both transports, which agree. */
async function outcome(of: Route, input: object): Promise<unknown> {
  const [one, other] = await Promise.all(
    [direct, restful].map((transport) =>
      transport.call(of, input).catch((error: unknown) => {
        const { code, errors } = ApiError.from(error);
        return { code, paths: errors.map(({ path }) => path) };
      }),
    ),
  );
  expect(other).toEqual(one);
  return one;
}

const tap = (value: unknown, op = 'scale') => ({ input_ids: [1, 5], taps: [{ hook_point: 'hidden_states.0', op, value }], compare: true });
const beyond = { input_ids: [1, 5], taps: [tap(3e38, 'replace').taps[0], tap(2).taps[0]] };

describe('going in', () => {
  test.each([
    ['a number', 1e39, '/taps/0/value'],
    ['of a list', [1, -1e39], '/taps/0/value/1'],
    ['of a tensor', { dtype: 'float32', shape: [2], data: [1, 3.5e38] }, '/taps/0/value/data/1'],
    ['of a float64 tensor', { dtype: 'float64', shape: [1], data: [1e300] }, '/taps/0/value/data/0'],
    ['of bytes', { dtype: 'float32', shape: [1], data: 'AADAfw==' }, '/taps/0/value/data/0'],
    ['of a typed array', { dtype: 'float32', shape: [1], data: new Float32Array([Number.NaN]) }, '/taps/0/value/data/0'],
  ])('%s that is no float32', async (_, value, path) => {
    expect(await outcome(forward, tap(value))).toEqual({ code: 'validation_failed', paths: [path] });
  });

  test('NaN has no way in', async () => {
    expect(await outcome(route('generate'), { prompt: 'a', temperature: Number.NaN })).toEqual({
      code: 'validation_failed',
      paths: ['/temperature'],
    });
    expect(await outcome(forward, tap(Infinity))).toEqual({ code: 'validation_failed', paths: ['/taps/0/value'] });
  });

  test('the greatest float32 is one', async () => {
    expect(await outcome(forward, { ...tap(3.4028234663852886e38, 'replace'), compare: false, logits: 'none' })).toMatchObject({
      lengths: [2],
    });
  });
});

describe('coming out', () => {
  test('tensors keep it, and the answer says where', async () => {
    const result = (await outcome(forward, { ...beyond, capture: ['hidden_states.0'] })) as Awaited<ReturnType<typeof call>>;
    expect(result.not_finite.map(({ tensor }) => tensor)).toEqual(['logits', 'hidden_states.0']);
    expect(result.not_finite[1]).toMatchObject({ first: [0, 0, 0], value: 'Infinity' });
    expect(result.not_finite[0]!.count).toBe(tensorData(result.logits!).length);
    expect(contract.model.endpoints.forward.output.safeParse(result).error).toBeUndefined();
  });
  const call = async () => contract.model.endpoints.forward.output.parse(null);

  test('what is a plain number is refused by name', async () => {
    expect(await outcome(forward, { ...beyond, compare: true })).toEqual({ code: 'not_finite', paths: ['/effect/0/after'] });
    expect(await outcome(forward, { ...beyond, logits: 'top_k' })).toEqual({ code: 'not_finite', paths: ['/top_k/0'] });
  });

  test('a service that gives one is caught at the border', async () => {
    expect(await outcome(route('config'), {})).toEqual({ code: 'not_finite', paths: ['/vocab_size'] });
    expect(notSayable({ a: [{ b: 1 }, { b: -Infinity }], t: new Float32Array([Number.NaN]) })).toBe('/a/1/b');
    expect(notSayable({ a: [1, null, 'x', true] })).toBeNull();
  });
});
