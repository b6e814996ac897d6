/** Values that JSON has no form for, keys that JavaScript reads otherwise, and depth: refused, or alike, on both transports and in every open field. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiError, jsonInput, MAX_INPUT_DEPTH, type Route, routes } from '../contract/index.ts';
import { bothTransports } from '../testing/both-transports.ts';
import { loadTinyModel, operations } from '../testing/reference-workbench.ts';
import { servePort } from './direct/port-server.ts';
import { createRestApp } from './rest/app.ts';
import { PortClient } from './direct/port-client.ts';

const { direct, restful, close } = bothTransports(operations);
const app = createRestApp(operations);
beforeAll(loadTinyModel);
afterAll(close);

const route = (service: string, operation: string): Route =>
  routes.find((each) => each.service === service && each.operation === operation)!;

interface Outcome {
  readonly code?: string;
  readonly errors?: unknown;
  readonly prompt?: string;
}

/** Of both transports, which agree. */
async function outcome(of: Route, input: object): Promise<Outcome> {
  const [one, other] = await Promise.all(
    [direct, restful].map((transport) =>
      transport.call(of, input).catch((error: unknown) => {
        const { code, errors } = ApiError.from(error);
        return { code, errors };
      }),
    ),
  );
  expect(other).toEqual(one);
  return one as Outcome;
}

const chat = (value: unknown, template = '{{ messages[0]|tojson }}') =>
  outcome(route('tokenizer', 'chatTemplate'), {
    messages: [{ role: 'user', content: 'a', x: value }],
    chat_template: template,
  });

function nested(depth: number, wrap: (inner: unknown) => unknown = (inner) => [inner]): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = wrap(value);
  return value;
}

describe('what JSON has no form for', () => {
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  test.each([
    ['NaN', Number.NaN, 'must be a finite number.'],
    ['a BigInt', 10n ** 30n, 'must be a value that JSON can hold; it is a BigInt.'],
    ['a function', () => 1, 'must be a value that JSON can hold; it is a function.'],
    ['a symbol', Symbol('a'), 'must be a value that JSON can hold; it is a symbol.'],
    ['bytes', new Uint8Array(2), 'must be a value that JSON can hold; it is a Uint8Array.'],
    ['a Map', new Map([[1, 2]]), 'must be a value that JSON can hold; it is a Map.'],
    ['a Blob', new Blob(['a']), 'must be a value that JSON can hold; it is a Blob.'],
    ['a list with a hole', [undefined], 'must be a value that JSON can hold; it is undefined.'],
    ['a name of prototypes', JSON.parse('{"__proto__":{"zz":5}}'), 'is a name that is not taken.'],
    ['a cycle', cycle, 'must not hold itself.'],
  ])('%s is refused by its place', async (_, value, message) => {
    const { code, errors } = await chat(value);
    expect({ code, errors }).toMatchObject({ code: 'validation_failed', errors: [{ message }] });
  });

  test('what writes itself is its text', async () => {
    expect(await chat({ when: new Date(0) }, '{{ messages[0].x.when }}')).toMatchObject({ prompt: '1970-01-01T00:00:00.000Z' });
  });

  test('keys that every object has are keys', async () => {
    expect(
      await chat({ constructor: 1, toString: 2, hasOwnProperty: 3 }, '{{ messages[0].x | tojson }}{{ messages[0].constructor }}'),
    ).toMatchObject({
      prompt: '{"constructor": 1, "toString": 2, "hasOwnProperty": 3}',
    });
    expect(await chat(undefined, '{{ messages[0] }}{{ messages[0].x }}')).toMatchObject({ prompt: "{'role': 'user', 'content': 'a'}" });
  });

  test('what can not be read is told', async () => {
    const failing = {
      toJSON: () => {
        throw new Error('No form.');
      },
    };
    expect(await chat(failing)).toEqual({ code: 'validation_failed', errors: [] });
    expect(await outcome(route('tokenizer', 'detokenizeById'), { id: { toString: 1 } })).toMatchObject({
      code: 'validation_failed',
      errors: [{ path: '/id' }],
    });
  });

  test('a value that is in many places is counted in each', () => {
    let shared: unknown = [];
    for (let level = 0; level < 60; level++) shared = [shared, shared];
    expect(() => jsonInput({ shared })).toThrow('more than');
  });
});

describe('depth', () => {
  /** Fields that take any value, and the call around it. */
  const OPEN: Readonly<Record<string, readonly [Route, (value: unknown) => object]>> = {
    message: [route('tokenizer', 'chatTemplate'), (x) => ({ messages: [{ role: 'user', content: 'a', x }], chat_template: 'a' })],
    content: [route('tokenizer', 'chatTemplate'), (x) => ({ messages: [{ role: 'user', content: [x] }], chat_template: 'a' })],
    tools: [route('tokenizer', 'chatTemplate'), (x) => ({ messages: [{ role: 'user' }], tools: [{ x }], chat_template: 'a' })],
    documents: [route('tokenizer', 'chatTemplate'), (x) => ({ messages: [{ role: 'user' }], documents: [{ x }], chat_template: 'a' })],
    kwargs: [
      route('tokenizer', 'chatTemplate'),
      (x) => ({ messages: [{ role: 'user' }], chat_template_kwargs: { x }, chat_template: 'a' }),
    ],
    chat: [route('model', 'generate'), (x) => ({ messages: [{ role: 'user', content: 'a', x }], chat_template: 'a' })],
    tokenizer: [route('tokenizer', 'configure'), (x) => ({ source: 'custom', tokenizer_json: { normalizer: x } })],
  };
  const wraps: readonly ((inner: unknown) => unknown)[] = [
    (inner) => [inner],
    (inner) => ({ type: 'Sequence', normalizers: [inner] }),
    (inner) => ({ a: inner }),
  ];

  test.each(Object.entries(OPEN))('%s', async (_, [of, around]) => {
    for (const depth of [MAX_INPUT_DEPTH + 1, 3_000, 20_000]) {
      for (const wrap of wraps) {
        expect(await outcome(of, around(nested(depth, wrap)))).toMatchObject({
          code: 'validation_failed',
          errors: [
            { path: expect.stringMatching(/^\/\w/), message: expect.stringContaining(`at most ${MAX_INPUT_DEPTH} lists and objects`) },
          ],
        });
      }
    }
  });

  test('no field of any endpoint fails inside, whatever is nested in it', async () => {
    for (const of of routes) {
      for (const field of Object.keys(of.endpoint.input.shape)) {
        if (of.endpoint.method !== 'POST' && of.endpoint.method !== 'PUT') continue;
        for (const value of [
          '['.repeat(200) + ']'.repeat(200),
          '['.repeat(20_000) + ']'.repeat(20_000),
          '{"toString":1,"constructor":{"name":1}}',
        ]) {
          // As text, which no client of ours has looked at.
          const body = `{"${field}":${value}}`;
          const headers = { 'content-type': 'application/json' };
          const path = of.path.replaceAll(/\{\w+\}/g, 'x');
          const { status } = await app.fetch(new Request(`http://glassbox/api${path}`, { method: of.endpoint.method, headers, body }));
          expect(status, `${of.path} ${field}`).toBeLessThan(500);
        }
      }
    }
  });

  test('as deep as it may be is taken', async () => {
    expect(await chat(nested(MAX_INPUT_DEPTH - 4), '{{ messages[0].x | length }}')).toMatchObject({ prompt: '1' });
  });
});

test('a call whose message can not be read is settled, and others go on', async () => {
  const { port1, port2 } = new MessageChannel();
  const client = new PortClient();
  let isLost = true;
  servePort(
    {
      postMessage: (message, transfer) => port2.postMessage(message, transfer),
      addEventListener: (type, listener) =>
        port2.addEventListener(type, ((event: MessageEvent) => {
          const { data } = event as MessageEvent<{ kind: string } | null>;
          if (isLost && data?.kind === 'call') {
            isLost = false;
            // As Chromium does where it can write a value and not read it.
            listener({ data: null } as MessageEvent);
          } else listener(event);
        }) as never),
    },
    operations,
    () => new Response(),
  );
  client.attach(port1 as never);
  port1.start();
  port2.start();
  const lost = client.call(route('tokenizer', 'info'), {});
  const other = client.call(route('tokenizer', 'info'), {});
  await expect(lost).rejects.toMatchObject({ code: 'validation_failed', message: expect.stringContaining('never arrived') });
  await expect(other).resolves.toMatchObject({ service: 'tokenizer' });
  port1.close();
  port2.close();
});
