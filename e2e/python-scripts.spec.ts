/** Scripts in Python in the page: what they show, how fast they are, what ends them, and that generations go on meanwhile. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, test } from './support.ts';

/** Runs a script as the panel does: what it showed so far is there however it ends. `stopMs`: after which it is stopped. */
const run = (page: Page, source: string, stopMs?: number) =>
  page.evaluate(
    async ({ source, stopMs }) => {
      const { client } = globalThis.glassbox;
      const stop = new AbortController();
      const timer = stopMs === undefined ? 0 : setTimeout(() => stop.abort(), stopMs);
      const shown: { event: string; data: unknown }[] = [];
      const start = performance.now();
      let end = '';
      let firstMs = 0;
      try {
        const script = { source, language: 'python' as const, name: 'test' };
        for await (const each of client.via('direct').stream('code', 'run', script, { signal: stop.signal })) {
          firstMs ||= performance.now() - start;
          shown.push(each);
        }
      } catch (error) {
        end = (error as Error).message;
      }
      clearTimeout(timer);
      const stopped = stop.signal.aborted;
      const texts = shown.flatMap(({ event, data }) => (event === 'print' ? [(data as { values: unknown[] }).values.join(' ')] : []));
      const result = (shown.find(({ event }) => event === 'done')?.data as { result?: unknown } | undefined)?.result;
      return { shown: shown.map(({ event }) => event), texts, result, end, stopped, firstMs, ms: performance.now() - start };
    },
    { source, stopMs },
  );

/** Tokens that a generation gives while `work` goes on. */
async function tokensDuring<T>(page: Page, work: () => Promise<T>): Promise<{ tokens: number; value: T }> {
  await page.evaluate(() => {
    const { client } = globalThis.glassbox;
    const state = { tokens: 0, stop: new AbortController() };
    Object.assign(globalThis, { generating: state });
    void (async () => {
      while (!state.stop.signal.aborted) {
        const input = { prompt: 'Once upon a time', max_new_tokens: 60, temperature: 1, ignore_eos: true };
        for await (const { event } of client.via('direct').stream('model', 'generate', input, { signal: state.stop.signal }))
          if (event === 'token') state.tokens++;
      }
    })().catch(() => {});
  });
  const count = () => page.evaluate(() => (globalThis as unknown as { generating: { tokens: number } }).generating.tokens);
  await expect.poll(count).toBeGreaterThan(0);
  const before = await count();
  const value = await work();
  const tokens = (await count()) - before;
  await page.evaluate(() => (globalThis as unknown as { generating: { stop: AbortController } }).generating.stop.abort());
  return { tokens, value };
}

/** What the comments of the seed and the block that it stands for say, over the names that it leaves. */
const TRUE_OF_THE_SEED = `
assert sorted(token_result) == ["data", "examples", "metadata"], list(token_result)
assert all(isinstance(part, dict) for part in token_result.values())
assert text["text"].endswith("Hello world")
assert "metadata" not in tokens and len(tokens["input_ids"]) >= 2
assert examples["data"]["examples"] and sorted(examples) == ["data", "examples", "metadata"]
assert model_result["data"]["logits"].shape == (1, 2048)
assert (plan["id"], plan["kernel"], plan["batch_size"]) == ("flash_attention_v2", "flash_attention", 4)
assert run["example"]["passed"] is False
assert patched["resource"]["language"] == "python" and patched["diagnostics"] == []
now = await client.get("code", "resources/model.attention")
assert now["language"] == "typescript"
assert [each["state"] for each in experiment["runs"]] == ["done"], experiment["runs"]
assert experiment["runs"][0]["metrics"]["decode_tokens_per_second"] > 0
assert test_results["failed"] == 0 and test_results["passed"] > 10
"held"
`;

test('the seed runs from top to bottom, what it says is so, and the other examples run', async ({ app }) => {
  const { page } = app;
  await app.open();
  const seed = await run(page, readFileSync('examples/python/seed.py', 'utf8') + TRUE_OF_THE_SEED);
  expect(seed).toMatchObject({ end: '', result: 'held' });
  for (const file of readdirSync('examples/python').filter((name) => name !== 'seed.py')) {
    const { end, shown } = await run(page, readFileSync(`examples/python/${file}`, 'utf8'));
    expect({ file, end, done: shown.at(-1) }).toEqual({ file, end: '', done: 'done' });
    expect(shown, file).toContain('table');
  }
});

test('what ends a script: each with a message, with what it showed, while a generation goes on', async ({ app }) => {
  const { page } = app;
  await app.open();
  await run(page, 'print("warm")');
  const cases: [string, string, RegExp, number?][] = [
    ['an endless loop', 'print("so far")\nwhile True:\n    pass', /stopped/i, 500],
    [
      'a loop that catches what stops it',
      'print("so far")\nwhile True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass',
      /stopped/i,
      500,
    ],
    ['an expression of exponential time', 'print("so far")\nimport re\nre.match("(a+)+$", "a" * 40 + "b")', /stopped/i, 500],
    ['waiting', 'print("so far")\nimport asyncio\nawait asyncio.sleep(60)', /stopped/i, 300],
    ['recursion', 'print("so far")\ndef f(n):\n    return f(n + 1)\nf(0)', /line 3, column 12.*RecursionError/],
    ['sys.exit', 'print("so far")\nimport sys\nsys.exit(3)', /line 3, column 1.*sys\.exit\(3\)/],
    [
      'an exception in a callback, and one after it',
      'print("so far")\nimport asyncio\nasyncio.get_running_loop().call_soon(lambda: 1 / 0)\nawait asyncio.sleep(0.05)\n[][1]',
      /line 5, column 1.*IndexError/,
    ],
  ];
  for (const [name, source, message, stopMs] of cases) {
    const { tokens, value } = await tokensDuring(page, () => run(page, source, stopMs));
    expect({ name, end: value.end, first: value.texts[0] }).toEqual({ name, end: expect.stringMatching(message), first: 'so far' });
    expect(value.ms - (stopMs ?? 0), name).toBeLessThan(3000);
    if (stopMs) expect(tokens, name).toBeGreaterThan(0);
  }
  // A gigabyte is given; the next script has an interpreter of its own.
  expect((await run(page, 'len(bytearray(10**9))')).result).toBe(10 ** 9);
  const open =
    'events = client.stream("model", "generate", {"prompt": "a", "max_new_tokens": 500, "ignore_eos": True})\nawait anext(events)\n1';
  expect((await run(page, open)).texts.at(-1)).toContain('left open');
});

test('tasks that compute beside each other, and make garbage that refers to itself, go on to their end', async ({ app }) => {
  const { page } = app;
  await app.open();
  const source = `
import asyncio
class Node: pass
async def work(k):
    for i in range(200_000):
        node = Node()
        node.itself = node
        if i % 50_000 == 0:
            await asyncio.sleep(0)
    return k
await asyncio.gather(*(work(k) for k in range(4)))`;
  for (let i = 0; i < 3; i++) expect(await run(page, source)).toMatchObject({ end: '', result: [0, 1, 2, 3] });
});

test('the figures: a call, a tensor of ten megabytes, the first line', async ({ app }) => {
  const { page } = app;
  await app.open();
  const cold = await run(page, 'print("first")');
  const warm = await run(page, 'print("first")');
  const { result } = await run(
    page,
    `
import time
async def median(call, n=500):
    times = []
    for _ in range(n):
        start = time.perf_counter()
        await call()
        times.append(time.perf_counter() - start)
    return sorted(times)[n // 2] * 1e6
call = lambda: client.get("scheduler", "policy")
await median(call, 100)
us = await median(call)
answer = await client.post("model", "forward", {"input_ids": [list(range(1, 241))], "logits": "all"})
logits = answer["logits"]
start = time.perf_counter()
view = logits.data
copy_ms = (time.perf_counter() - start) * 1e3
{"us": us, "shape": list(logits.shape), "mb": view.nbytes / 1e6, "copy_ms": copy_ms, "same": view.obj is logits.data.obj}
`,
  );
  const typescript = await page.evaluate(async () => {
    const source = `const times: number[] = [];
for (let i = 0; i < 3000; i++) { const start = performance.now(); await client.get('scheduler', 'policy'); times.push(performance.now() - start); }
const all0 = performance.now(); for (let i = 0; i < 3000; i++) await client.get('scheduler', 'policy');
return (performance.now() - all0) / 3000 * 1000;`;
    return (await globalThis.glassbox.client.via('direct').post('code', 'run', { source })).result;
  });
  expect(result).toMatchObject({ same: true, shape: [1, 240, 2048] });
  expect(typescript).toBeGreaterThan(0);
  expect(warm.firstMs).toBeLessThan(cold.firstMs);
});
