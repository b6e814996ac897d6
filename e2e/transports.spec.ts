/** Both transports as a person at the console meets them, and the ways in which a service worker can be missing. */
import { SITE_URL } from './server.ts';
import { expect, test } from './support.ts';

test('fetch gives the envelope, and direct mode the bare result', async ({ app }) => {
  await app.open();
  const { envelope, bare, mode } = await app.page.evaluate(async () => {
    const response = await fetch('api/tokenizer/tokenize', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"text":"Once upon a time"}',
    });
    const { client } = globalThis.glassbox;
    client.enableRestfulMode(false);
    return {
      envelope: (await response.json()) as {
        data: { input_ids: number[] };
        metadata: { mode: string; service: string };
        examples: { count: number };
      },
      bare: await client.post('tokenizer', 'tokenize', { text: 'Once upon a time' }),
      mode: client.mode,
    };
  });
  expect(envelope.metadata).toMatchObject({ mode: 'restful', service: 'tokenizer' });
  expect(envelope.examples.count).toBeGreaterThan(2);
  expect(mode).toBe('direct');
  expect(bare.input_ids).toEqual(envelope.data.input_ids);
  expect(bare).not.toHaveProperty('metadata');
});

test('what is wrong with a request is said with the right status', async ({ app }) => {
  await app.open();
  const statuses = await app.page.evaluate(async () => {
    const post = async (path: string, body: BodyInit, type = 'application/json') => {
      const response = await fetch(`api/${path}`, { method: 'POST', body, headers: { 'content-type': type } });
      return [response.status, ((await response.json()) as { code: string }).code];
    };
    return {
      malformed: await post('tokenizer/tokenize', '{"text":'),
      media: await post('tokenizer/tokenize', 'a', 'text/plain'),
      large: await post('tokenizer/tokenize', `{"text":"${'x'.repeat(50_000_000)}"}`),
      route: await post('tokenizer/no-such', '{}'),
      method: [(await fetch('api/tokenizer/tokenize')).status, (await fetch('api/tokenizer/tokenize')).headers.get('allow')],
      vocabulary: await post('model/forward', '{"input_ids":[99999999]}'),
      context: await post('model/generate', JSON.stringify({ input_ids: Array(100_000).fill(5) })),
      type: await post('model/generate', '{"prompt":7}'),
    };
  });
  expect(statuses).toEqual({
    malformed: [400, 'malformed_json'],
    media: [415, 'unsupported_media_type'],
    large: [413, 'payload_too_large'],
    route: [404, 'not_found'],
    method: [405, 'POST'],
    vocabulary: [422, 'token_out_of_range'],
    context: [422, 'context_exceeded'],
    type: [422, 'validation_failed'],
  });
  // The browser itself writes a line for each failed request.
  app.complaints.splice(0);
});

test('streams arrive in pieces on both transports and give the whole text', async ({ app }) => {
  await app.open();
  for (const restful of [true, false]) {
    const { pieces, text } = await app.page.evaluate(async (on) => {
      const { client } = globalThis.glassbox;
      client.enableRestfulMode(on);
      const tokens: string[] = [];
      let whole = '';
      for await (const event of client.stream('model', 'generate', {
        prompt: 'Once upon a time',
        max_new_tokens: 24,
        temperature: 0,
        ignore_eos: true,
      })) {
        if (event.event === 'token') tokens.push(event.data.text);
        else whole = event.data.choices[0]!.text;
      }
      return { pieces: tokens, text: whole };
    }, restful);
    expect(pieces).toHaveLength(24);
    expect(pieces.join('')).toBe(text);
  }
});

test('stop stops: an abort frees the blocks on both transports', async ({ app }) => {
  await app.open();
  for (const restful of [true, false]) {
    const status = await app.page.evaluate(async (on) => {
      const { client } = globalThis.glassbox;
      client.enableRestfulMode(on);
      const abort = new AbortController();
      const id = `stop-${on}`;
      try {
        for await (const event of client.stream(
          'model',
          'generate',
          { id, prompt: 'Once', max_new_tokens: 400, ignore_eos: true },
          { signal: abort.signal },
        )) {
          if (event.event === 'token' && event.data.index === 0) abort.abort();
        }
      } catch {
        // A RESTful stream that is aborted throws; a direct one ends.
      }
      for (let i = 0; i < 100; i++) {
        const seen = await client.get('model', 'generations/{id}', { id });
        if (seen.finish_reason) return seen;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return client.get('model', 'generations/{id}', { id });
    }, restful);
    expect(status).toMatchObject({ state: 'finished', finish_reason: 'cancelled' });
    expect(status.completion_tokens).toBeLessThan(400);
  }
});

test('cancel by the endpoint ends a stream that fetch started', async ({ app }) => {
  await app.open();
  const result = await app.page.evaluate(async () => {
    const response = await fetch('api/model/generate', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'mine', prompt: 'Once', max_new_tokens: 400, ignore_eos: true, stream: true }),
    });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    await reader.read();
    const cancelled = (await (await fetch('api/model/generations/mine', { method: 'DELETE' })).json()) as {
      data: { tokens_saved: number; completion_tokens: number };
    };
    let rest = '';
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) rest += chunk.value;
    return { cancelled: cancelled.data, rest };
  });
  expect(result.cancelled.tokens_saved).toBeGreaterThan(0);
  expect(result.rest).toContain('"finish_reason":"cancelled"');
});

test('a service worker that went deaf is revived by the next call', async ({ app, browser }) => {
  await app.open();
  const session = await browser.newBrowserCDPSession().catch(() => null);
  await session?.detach();
  const devtools = await app.page.context().newCDPSession(app.page);
  await devtools.send('ServiceWorker.enable');
  await devtools.send('ServiceWorker.stopAllWorkers');
  const ids = await app.page.evaluate(async () => {
    const { client } = globalThis.glassbox;
    client.enableRestfulMode(true);
    return (await client.post('tokenizer', 'tokenize', { text: 'Once' })).input_ids;
  });
  expect(ids.length).toBeGreaterThan(0);
  expect(await app.page.evaluate(() => globalThis.glassbox.client.health.restful)).toBe('ready');
  // The deaf call was answered by the static host, and the browser says so.
  app.complaints.splice(0);
});

test('without service workers the page works in direct mode and says why', async ({ app }) => {
  await app.page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'serviceWorker', { get: () => undefined });
    delete (Navigator.prototype as { serviceWorker?: unknown }).serviceWorker;
  });
  await app.open();
  const seen = await app.page.evaluate(async () => {
    const { client } = globalThis.glassbox;
    return { mode: client.mode, health: client.health, text: (await client.post('tokenizer', 'detokenize', { input_ids: [] })).text };
  });
  expect(seen).toMatchObject({
    mode: 'direct',
    text: '',
    health: { restful: 'unavailable', reason: expect.stringContaining('service worker') as unknown },
  });
});

test('from the second load on the page is cross-origin isolated, and works all the same', async ({ app }) => {
  await app.open();
  await app.page.goto(SITE_URL);
  await app.open();
  expect(await app.page.evaluate(() => globalThis.crossOriginIsolated)).toBe(true);
  const ids = await app.page.evaluate(
    async () => (await globalThis.glassbox.client.post('tokenizer', 'tokenize', { text: 'Hi' })).input_ids,
  );
  expect(ids.length).toBeGreaterThan(0);
});
