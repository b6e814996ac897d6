import { beforeAll, describe, expect, test } from 'vitest';
import { Client } from '../client/client.ts';
import { ApiError, routes } from '../contract/index.ts';
import { PortClient } from './direct/port-client.ts';
import { servePort } from './direct/port-server.ts';
import { dispatch, newContext, type Operation, type Operations } from './dispatch.ts';
import { localTransport } from './local.ts';
import { createRestApp } from './rest/app.ts';
import { FetchClient } from './rest/fetch-client.ts';
import { MAX_JSON_BYTES } from './rest/read-input.ts';

/** Operations that show what reached them; nothing else is called. */
const operations: Operations = {
  tokenizer: {
    tokenize: ((input: { text: string; add_special_tokens: boolean }) => ({ id: 'tok_1', echo: input })) as Operation,
    detokenize: (() => {
      throw new ApiError('not_found', 'Nothing of that name is here.');
    }) as Operation,
    detokenizeById: ((input: unknown) => ({ echo: input })) as Operation,
  },
  model: {
    forward: (() => ({
      lengths: [2],
      logits: { dtype: 'float32', shape: [1, 3], data: new Float32Array([0.5, -1, 2]) },
      captures: { big: { dtype: 'float32', shape: [5000], data: new Float32Array(5000).fill(0.25) } },
    })) as Operation,
    generate: ((input: { stream: boolean; max_new_tokens: number; prompt: string }, context) =>
      input.stream
        ? countTo(input.max_new_tokens, input.prompt, context.signal)
        : input.prompt === 'never'
          ? new Promise(() => {})
          : Promise.resolve({ id: 'g', mode: context.mode })) as Operation,
    generations: (() => {
      throw new TypeError('a secret stack');
    }) as Operation,
  },
  memory: {},
  scheduler: {},
  computation: {},
  code: {},
  auth: {},
};

let stopped = 0;
async function* countTo(n: number, prompt: string, signal?: AbortSignal) {
  try {
    if (prompt === 'fail first') throw new ApiError('queue_full', 'No place.');
    for (let i = 0; i < n && !signal?.aborted; i++) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (prompt === 'fail third' && i === 2) throw new ApiError('out_of_blocks', 'Broke in the middle.');
      yield { event: 'token', data: { index: i } };
    }
    yield { event: 'done', data: { id: 'g' } };
  } finally {
    stopped++;
  }
}

const app = createRestApp(operations);
const send = (method: string, path: string, body?: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  Promise.resolve(app.fetch(new Request(`http://glassbox/api${path}`, { method, headers, ...(body !== undefined && { body }) })));
const problemOf = async (response: Response) => ({
  ...((await response.json()) as { code: string; detail: string; errors: { path: string; message: string }[] }),
  status: response.status,
  type: response.headers.get('content-type'),
});

describe('the RESTful transport', () => {
  test('answers an envelope with metadata, timings and examples', async () => {
    const response = await send('POST', '/tokenizer/tokenize', '{"text":"Hi"}');
    const body = (await response.json()) as {
      data: { echo: unknown };
      metadata: Record<string, unknown>;
      examples: { count: number; href: string };
    };
    expect(body.data.echo).toMatchObject({ text: 'Hi', add_special_tokens: true, padding: 'none' });
    expect(body.metadata).toMatchObject({ service: 'tokenizer', endpoint: 'POST /tokenizer/tokenize', mode: 'restful' });
    expect(Object.keys(body.metadata['timings'] as object)).toEqual(
      expect.arrayContaining(['read_request', 'validate', 'execute', 'serialize']),
    );
    expect(body.examples.count).toBeGreaterThanOrEqual(3);
    expect(response.headers.get('server-timing')).toMatch(/execute;dur=/);
  });

  test.each([
    ['malformed JSON', 'POST', '/tokenizer/tokenize', '{"text":', 400, 'malformed_json'],
    ['a list for a body', 'POST', '/tokenizer/tokenize', '[1]', 422, 'validation_failed'],
    ['an unknown route', 'GET', '/tokenizer/nothing', undefined, 404, 'not_found'],
    ['an unknown service', 'GET', '/nothing/info', undefined, 404, 'not_found'],
    ['a method that is not taken', 'DELETE', '/tokenizer/tokenize', undefined, 405, 'method_not_allowed'],
    ['what is not there', 'POST', '/tokenizer/detokenize', '{"input_ids":[1]}', 404, 'not_found'],
    ['an unknown field', 'POST', '/tokenizer/tokenize', '{"text":"a","txet":"b"}', 422, 'validation_failed'],
    ['a missing field', 'POST', '/tokenizer/tokenize', '', 422, 'validation_failed'],
    ['a failure inside', 'GET', '/model/generations', undefined, 500, 'internal'],
  ])('%s: %s %s answers %i', async (_, method, path, body, status, code) => {
    const problem = await problemOf(await send(method, path, body));
    expect(problem).toMatchObject({ status, code, type: 'application/problem+json' });
    expect(JSON.stringify(problem)).not.toContain('.ts:');
  });

  test('405 names the methods that are taken', async () => {
    expect((await send('DELETE', '/model/weights')).headers.get('allow')).toBe('GET, PUT');
  });

  test('422 names the field, the bound and the value', async () => {
    const { errors } = await problemOf(await send('POST', '/model/generate', '{"prompt":"a","temperature":-1}'));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ path: '/temperature' });
    expect(errors[0]!.message).toMatch(/^must be at least 0; it is −1\.$/);
  });

  test('a path with a slash too many is the same address', async () => {
    expect((await send('POST', '//tokenizer/tokenize', '{"text":"Hi"}')).status).toBe(200);
  });

  test.each([
    ['a value of no kind that is taken', '/tokenizer/tokenize', '{"text":7}', '/text', /must be a text or a list; it is 7/],
    [
      'a list too long for a union',
      '/tokenizer/tokenize',
      `{"text":${JSON.stringify(Array(1025).fill('a'))}}`,
      '/text',
      /must have at most 1024 items; it has 1025/,
    ],
    ['an item of a list', '/model/forward', '{"input_ids":[1,2.5]}', '/input_ids/1', /must be a whole number; it is 2.5/],
    ['an item of a list of lists', '/model/forward', '{"input_ids":[[1],[-3]]}', '/input_ids/1/0', /must be at least 0; it is −3/],
  ])('422 names the place inside a union: %s', async (_, path, body, place, message) => {
    const { status, errors } = await problemOf(await send('POST', path, body));
    expect(status).toBe(422);
    expect(errors).toEqual([{ path: place, message: expect.stringMatching(message) as string }]);
  });

  test('a body that is not UTF-8 is no JSON', async () => {
    const bytes = new Uint8Array([...new TextEncoder().encode('{"text":"'), 0xff, ...new TextEncoder().encode('"}')]);
    const response = await app.fetch(
      new Request('http://glassbox/api/tokenizer/tokenize', {
        method: 'POST',
        body: bytes,
        headers: { 'content-type': 'application/json' },
      }),
    );
    expect(await problemOf(response)).toMatchObject({ status: 400, code: 'malformed_json' });
  });

  test('415 says what is taken', async () => {
    expect(await problemOf(await send('POST', '/tokenizer/tokenize', 'text=a', { 'content-type': 'text/plain' }))).toMatchObject({
      status: 415,
      detail: expect.stringContaining('application/json') as string,
    });
  });

  test('an empty body is held to the type that it is sent with, as a form of another page is', async () => {
    const path = '/code/resources/sampler/revert';
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'text/plain;charset=UTF-8'])
      expect((await send('POST', path, '', { 'content-type': type })).status, type).toBe(415);
    for (const headers of [{}, { 'content-type': 'application/json' }])
      expect((await app.fetch(new Request(`http://glassbox/api${path}`, { method: 'POST', headers }))).status).not.toBe(415);
  });

  test('413 for a body beyond the limit', async () => {
    const { status, detail } = await problemOf(await send('POST', '/tokenizer/tokenize', `{"text":"${'x'.repeat(MAX_JSON_BYTES)}"}`));
    expect(status).toBe(413);
    expect(detail).toContain(String(MAX_JSON_BYTES));
  });

  test('path parameters are decoded, query values are read by their type', async () => {
    const response = await send('GET', '/tokenizer/detokenize/a%2Fb%3Fc?skip_special_tokens=true');
    expect(((await response.json()) as { data: { echo: unknown } }).data.echo).toMatchObject({ id: 'a/b?c', skip_special_tokens: true });
  });

  test('a stream that fails before its first event answers a status', async () => {
    expect(await problemOf(await send('POST', '/model/generate', '{"prompt":"fail first","stream":true}'))).toMatchObject({ status: 429 });
  });

  test('the OpenAPI document holds every route', async () => {
    const document = (await (await send('GET', '/openapi.json')).json()) as {
      openapi: string;
      paths: Record<string, Record<string, unknown>>;
    };
    expect(document.openapi).toBe('3.1.0');
    for (const { path, endpoint } of routes) expect(document.paths[path]?.[endpoint.method.toLowerCase()], path).toBeDefined();
  });
});

describe.each(['direct', 'restful', 'local'] as const)('the client over the %s transport', (kind) => {
  let client: Client;
  beforeAll(() => {
    const { port1, port2 } = new MessageChannel();
    servePort(port2 as never, operations, (request, early) => app.fetch(request, early));
    const port = new PortClient();
    port.attach(port1 as never);
    port1.start();
    port2.start();
    const rest = new FetchClient(
      async (make) => {
        const request = make();
        const aborted = new Promise<never>((_, reject) => {
          const fail = () => reject(request.signal.reason as Error);
          if (request.signal.aborted) fail();
          request.signal.addEventListener('abort', fail);
        });
        const { status, headers, body } = await Promise.race([aborted, answer(request)]);
        return new Response(body, { status, headers });
      },
      'http://page/api',
      (id) => port.abortHttp(id),
    );
    const answer = async (request: Request) =>
      port.http({
        url: request.url.slice('http://page'.length),
        method: request.method,
        headers: [...request.headers],
        body: request.body ? await request.arrayBuffer() : null,
      });
    client = new Client(kind === 'local' ? { direct: localTransport(operations), restful: null } : { direct: port, restful: rest });
    client.enableRestfulMode(kind === 'restful');
    return () => {
      port1.close();
      port2.close();
    };
  });

  test('fills in defaults', async () => {
    const { echo } = (await client.post('tokenizer', 'tokenize', { text: 'Hi' })) as unknown as { echo: unknown };
    expect(echo).toMatchObject({ text: 'Hi', return_offsets: true });
  });

  test('rejects with the same problem', async () => {
    await expect(client.post('tokenizer', 'detokenize', { input_ids: [1] })).rejects.toMatchObject({ code: 'not_found' });
    await expect(client.get('model', 'generations')).rejects.toMatchObject({ code: 'internal' });
  });

  test('small tensors arrive whole, big ones too', async () => {
    const { logits, captures } = await client.post('model', 'forward', { input_ids: [1, 2] });
    expect(Array.from(logits!.data as Float32Array)).toEqual([0.5, -1, 2]);
    expect(captures['big']!.shape).toEqual([5000]);
  });

  test('streams events in order', async () => {
    const seen: unknown[] = [];
    for await (const { event, data } of client.stream('model', 'generate', { prompt: 'a', max_new_tokens: 3 }))
      seen.push([event, (data as { index?: number }).index]);
    expect(seen).toEqual([
      ['token', 0],
      ['token', 1],
      ['token', 2],
      ['done', undefined],
    ]);
  });

  test('a failure in the middle of a stream reaches the reader', async () => {
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const { event } of client.stream('model', 'generate', { prompt: 'fail third', max_new_tokens: 9 })) seen.push(event);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'out_of_blocks' });
    expect(seen).toEqual(['token', 'token']);
  });

  test('a call that would stream says so, and a stream of what does not stream', async () => {
    const refusal = { code: 'validation_failed', message: '/model/generate streams with this input; use `stream`.' };
    await expect(client.post('model', 'generate', { prompt: 'a', stream: true } as never)).rejects.toMatchObject(refusal);
  });

  test.each([[[]], [['a']], 'text', 7, new Date(0)].map((input) => [input]))('%j is no input', async (input) => {
    if (kind === 'local') return;
    await expect(client.post('tokenizer', 'tokenize', input as never)).rejects.toMatchObject({
      code: 'validation_failed',
      message: expect.stringMatching(/^The input must be an object; it is /),
    });
  });

  test('what no wire carries is refused as a wrong input', async () => {
    if (kind === 'local') return;
    const cyclic: Record<string, unknown> = { text: 'a' };
    cyclic['self'] = cyclic;
    for (const input of [{ text: () => 'a' }, { text: 1n }, cyclic])
      await expect(client.post('tokenizer', 'tokenize', input as never)).rejects.toMatchObject({ code: 'validation_failed' });
  });

  test.each(['', '.', '..'])('the id "%s" is found nowhere, and leads to no other endpoint', async (id) => {
    if (kind === 'local') return;
    const { echo } = (await client.get('tokenizer', 'detokenize/{id}', { id }).catch((error: ApiError) => ({ echo: error.code }))) as {
      echo: unknown;
    };
    // The service is asked in direct mode; an address can't hold such an id.
    expect(echo).toEqual(kind === 'direct' ? expect.objectContaining({ id }) : 'not_found');
  });

  test('an aborted call rejects as cancelled', async () => {
    if (kind === 'local') return;
    const call = client.post('model', 'generate', { prompt: 'never' }, { signal: AbortSignal.timeout(20) });
    await expect(call).rejects.toMatchObject({ code: 'cancelled', status: 499 });
    await expect(client.post('tokenizer', 'tokenize', { text: 'a' }, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  test('an abort stops the work, not only the reading', async () => {
    const abort = new AbortController();
    const before = stopped;
    let count = 0;
    for await (const { event } of client.stream('model', 'generate', { prompt: 'a', max_new_tokens: 100_000 }, { signal: abort.signal })) {
      if (event === 'token' && ++count === 3) abort.abort();
    }
    expect(stopped).toBe(before + 1);
  });
});

test('the mode can be switched at any moment, and not to what is not there', async () => {
  const client = new Client({ direct: localTransport(operations), restful: null });
  expect(client.mode).toBe('direct');
  expect(() => client.enableRestfulMode(true)).toThrow(ApiError);
});

test('dispatch validates, the trusted local call does not but explains a failure', async () => {
  const route = routes.find(({ operation }) => operation === 'tokenize')!;
  await expect(dispatch(operations, route, { text: 4 }, newContext('direct', 'x'))).rejects.toMatchObject({ code: 'validation_failed' });
  const throwing = { ...operations, tokenizer: { tokenize: (({ text }: { text: string }) => text.split('')) as Operation } };
  await expect(localTransport(throwing).call(route, { text: 4 })).rejects.toMatchObject({
    code: 'validation_failed',
    errors: [{ path: '/text' }],
  });
});

describe.each(['direct', 'restful'] as const)('a worker that goes silent or away, over the %s transport', (kind) => {
  /** The worker's end is never served: what it would post is posted by hand. */
  function opened() {
    const { port1, port2 } = new MessageChannel();
    const port = new PortClient();
    port.attach(port1 as never);
    port1.start();
    const received: { kind: string; id: number }[] = [];
    port2.addEventListener('message', (({ data }: MessageEvent<{ kind: string; id: number }>) => received.push(data)) as never);
    port2.start();
    const rest = new FetchClient(async (make) => {
      const request = make();
      const { pathname, search } = new URL(request.url);
      const wire = { url: pathname + search, method: request.method, headers: [...request.headers], body: await request.arrayBuffer() };
      try {
        const { body, ...head } = await port.http(wire as never);
        return new Response(body, head);
      } catch (error) {
        return new Response(JSON.stringify(ApiError.from(error).toProblem('x')), {
          headers: { 'content-type': 'application/problem+json' },
          status: 500,
        });
      }
    }, 'http://page/api');
    const client = new Client({ direct: port, restful: rest });
    client.enableRestfulMode(kind === 'restful');
    const close = () => {
      port1.close();
      port2.close();
    };
    return { client, port, received, say: (message: object) => port2.postMessage(message), close };
  }
  const event = { event: 'token', data: { index: 0 } };
  const chunk = () => new TextEncoder().encode(`event: token\ndata: ${JSON.stringify(event.data)}\n\n`);

  test('open calls and streams end with the problem, what came before stays, later calls do not wait, and after a restart they do', async () => {
    const { client, port, received, say, close } = opened();
    const seen: unknown[] = [];
    const streaming = (async () => {
      for await (const each of client.stream('model', 'generate', { prompt: 'a' })) seen.push(each);
    })();
    const call = client.post('tokenizer', 'tokenize', { text: 'a' });
    await expect.poll(() => received).toHaveLength(2);
    const { id } = received[0]!;
    if (kind === 'restful') {
      say({ kind: 'response', id, response: { status: 200, headers: [['content-type', 'text/event-stream']], body: 'stream' } });
      say({ kind: 'chunk', id, bytes: chunk() });
    } else say({ kind: 'event', id, event });
    await expect.poll(() => seen).toEqual([event]);

    port.close(new ApiError('internal', 'It has ended.'));
    await expect(streaming).rejects.toMatchObject({ code: 'internal', message: 'It has ended.' });
    await expect(call).rejects.toMatchObject({ code: 'internal', message: 'It has ended.' });
    await expect(client.post('tokenizer', 'tokenize', { text: 'b' })).rejects.toMatchObject({ code: 'internal' });

    port.reopen();
    let settled = false;
    const waiting = client.post('tokenizer', 'tokenize', { text: 'c' }).catch(() => {});
    void waiting.then(() => (settled = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(settled).toBe(false);
    port.close(new ApiError('internal', 'And again.'));
    await waiting;
    close();
  });

  test('a call that answers once tells what it had made, when it never answers', async () => {
    const { client, port, received, say, close } = opened();
    const call = client.post('code', 'run', { source: '' });
    await expect.poll(() => received).toHaveLength(1);
    say({ kind: 'note', id: received[0]!.id, event: { event: 'print', data: { level: 'log', values: ['seen', { a: 1 }] } } });
    await new Promise((resolve) => setTimeout(resolve, 20));
    port.close(new ApiError('cancelled', 'Restarted.'));
    await expect(call).rejects.toMatchObject({ errors: [{ path: '/output/0', message: 'seen {"a":1}' }] });
    close();
  });
});

test.each(['direct', 'restful'] as const)('what a script shows leaves the worker at once, over the %s transport', async (kind) => {
  const posted: { kind: string }[] = [];
  let during = -1;
  const listeners: ((event: MessageEvent) => void)[] = [];
  const endless: Operations = {
    ...operations,
    code: {
      run: (async (_: unknown, { emit }: Parameters<Operation>[1]) => {
        emit!({ event: 'print', data: { level: 'log', values: ['a'] } });
        during = posted.length;
        return (async function* () {
          yield { event: 'done', data: {} };
        })();
      }) as Operation,
    },
  };
  servePort(
    {
      postMessage: (message) => posted.push(message as { kind: string }),
      addEventListener: (type, listener) => void (type === 'message' && listeners.push(listener)),
    },
    endless,
    (request, early) => createRestApp(endless).fetch(request, early),
  );
  const input = { source: '', stream: true };
  const body = new TextEncoder().encode(JSON.stringify(input)).buffer;
  const headers = [['content-type', 'application/json']];
  const data =
    kind === 'direct'
      ? { kind: 'call', id: 1, service: 'code', operation: 'run', input }
      : { kind: 'http', id: 1, request: { url: '/api/code/run', method: 'POST', headers, body } };
  listeners.forEach((listener) => listener({ data } as MessageEvent));
  await expect.poll(() => posted.at(-1)?.kind).toBe('end');
  expect(during).toBe(kind === 'direct' ? 1 : 2);
  expect(posted.map((message) => message.kind)).toEqual(
    kind === 'direct' ? ['event', 'event', 'end'] : ['response', 'chunk', 'chunk', 'end'],
  );
});

test('a message of the worker that is no answer ends no call, though it has the same id', async () => {
  const port = new EventTarget() as EventTarget & { postMessage(message: { id: number }): void };
  const say = (data: object) => port.dispatchEvent(new MessageEvent('message', { data }));
  port.postMessage = ({ id }) =>
    queueMicrotask(() => {
      say({ kind: 'start candidate', id });
      say({ kind: 'result', id, data: 'answered', timings: {} });
    });
  const client = new PortClient();
  client.attach(port as never);
  expect(await client.call(routes[0]!, {})).toBe('answered');
});
