/** Scripts as users write them: what they show, where they fail, how they are stopped. */
import { describe, expect, test } from 'vitest';
import type { ScriptOutput } from '../../contract/code-run.ts';
import { ApiError, type Route, routes } from '../../contract/index.ts';
import { runScript } from './run-script.ts';
import { ScriptRunner } from './script-runner.ts';
import { stoppable } from './stoppable.ts';

const route = routes.find(({ path }) => path === '/tokenizer/info') as Route;
let calls = 0;

/** Answers at once, later, or with a failure that was made elsewhere. */
const inner = {
  call: (_: Route, input: object | undefined): Promise<unknown> => {
    calls++;
    const { how } = (input ?? {}) as { how?: string };
    if (how === 'later') return new Promise((resolve) => setTimeout(resolve, 5, 'late'));
    if (how === 'never') return new Promise(() => {});
    if (how === 'fail') return new Promise((_, reject) => setTimeout(() => reject(new ApiError('queue_full', 'No place.')), 5));
    if (how === 'invalid') return Promise.reject(new ApiError('validation_failed', 'Wrong.', [{ path: '/text', message: 'is no text.' }]));
    return Promise.resolve('ready');
  },
  async *stream(): AsyncGenerator<{ event: string; data: unknown }> {
    for (let data = 0; ; data++) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      yield { event: 'token', data };
    }
  },
};

const runner = new ScriptRunner((signal) => {
  const transport = stoppable(inner, signal);
  return { client: { call: (how?: string) => transport.call(route, { how }), stream: () => transport.stream(route, {}) } };
});

const run = async (source: string, { language = 'typescript' as const, signal = new AbortController().signal } = {}) => {
  const output: ScriptOutput[] = [];
  const summary = await runner.run({ source, language, name: 'test' }, (each) => output.push(each), signal);
  return { ...summary, output };
};
const failure = (source: string) =>
  run(source).then(
    () => Promise.reject(new Error('it did not fail')),
    (error: ApiError) => error,
  );

describe('running', () => {
  test('strips types, awaits at the top level, returns', async () => {
    expect(await run('const a: string = await client.call();\ninterface X { y: 1 }\nreturn { a } as object;')).toMatchObject({
      result: { a: 'ready' },
      prints: 0,
    });
  });
  test('may name things anew that were in reach', async () => {
    expect((await run('const client = 1; const print = 2;\nreturn client + print;')).result).toBe(3);
  });
  test('shows prints, tables and plots in order', async () => {
    const { output, prints } = await run(
      "print('a', 1); print.warn(2);\ntable([{ a: 1 }, { b: 'x' }]);\nplot({ kind: 'line', series: { s: [1, NaN, 3] } });\nplot({ kind: 'heatmap', values: { dtype: 'float32', shape: [2, 2, 2], data: Float32Array.from([0,1,2,3,4,5,6,7]) }, at: [1] });",
    );
    expect(prints).toBe(2);
    expect(output).toEqual([
      { event: 'print', data: { level: 'log', values: ['a', 1] } },
      { event: 'print', data: { level: 'warn', values: [2] } },
      {
        event: 'table',
        data: {
          title: null,
          columns: ['a', 'b'],
          rows: [
            [1, null],
            [null, 'x'],
          ],
        },
      },
      {
        event: 'plot',
        data: { kind: 'line', title: null, x_label: null, y_label: null, labels: null, series: [{ label: 's', values: [1, null, 3] }] },
      },
      {
        event: 'plot',
        data: {
          kind: 'heatmap',
          title: null,
          x_label: null,
          y_label: null,
          labels: null,
          series: [
            { label: '0', values: [4, 5] },
            { label: '1', values: [6, 7] },
          ],
        },
      },
    ]);
  });
  test('counts what is beyond the limit and leaves it out', async () => {
    const { output, prints, left_out } = await run('for (let i = 0; i < 10_005; i++) print(i);');
    expect([output.length, prints, left_out]).toEqual([10_000, 10_005, 5]);
  });
});

describe('failing', () => {
  test.each([
    ['a thrown error', "const a = 1;\n\n  throw new RangeError('no');", 'line 3, column 9', 'RangeError: no'],
    [
      'an error in a function',
      'function f(x: number) {\n  return (null as unknown as { y: 1 }).y + x;\n}\nf(1);',
      'line 2, column 40',
      'TypeError',
    ],
    ['a failed call', "print(1);\nawait client.call('fail');", 'line 2, column', 'queue_full: No place.'],
    ['a failed call in a function', "async function f() {\n  await client.call('fail');\n}\nawait f();", 'line 2, column', 'queue_full'],
    ['something else thrown', 'throw { a: 1 };', '', '{"a":1}'],
    ['wrong options of a plot', "plot({ kind: 'pie' } as never);", 'line 1, column 1', 'TypeError: plot takes'],
    ['a syntax error', 'const a = 1;\nconst b = ;', 'line 2, column 11', 'Unexpected token'],
    ['an import', "\nimport { a } from 'a';", 'line 2, column 1', '`client`'],
    ['a dynamic import', "const x: any = await import('a');", 'line 1, column 22', '`client`'],
    ['an early error', 'let a = 1;\nlet a = 2;', 'line 2, column 5', 'already been declared'],
    ['an enum', 'enum A { B }', 'line 1, column 1', 'cannot be erased'],
  ])('%s is told with its place', async (_, source, place, message) => {
    const error = await failure(source);
    expect(error).toBeInstanceOf(ApiError);
    expect(error.code).toBe('code_invalid');
    expect(error.errors[0]?.path).toContain(place);
    expect(error.message).toContain(message);
    expect(error.message).toContain('test');
  });
  test('every syntax error is listed', async () => {
    expect((await failure('let a; let a;\nconst b;')).errors.map(({ path }) => path)).toEqual(['line 1, column 12', 'line 2, column 8']);
  });
  test('what a service found wrong is listed at the line that called it', async () => {
    expect((await failure("\nawait client.call('invalid');")).errors[1]).toEqual({
      path: expect.stringMatching(/^line 2, column \d+: \/text$/),
      message: 'is no text.',
    });
  });
});

describe('stopping', () => {
  const stopAfter = (ms: number) => AbortSignal.timeout(ms);
  test.each([
    ['a loop of calls that are ready at once', 'for (;;) await client.call();'],
    ['a call that never ends', "await client.call('never');"],
    ['a stream', 'for await (const each of client.stream()) void each;'],
    ['an await of its own', 'await new Promise(() => {});'],
    ['a loop that heeds the signal', 'while (!signal.aborted) await new Promise((r) => setTimeout(r, 1));'],
  ])('%s', async (_, source) => {
    await expect(run(source, { signal: stopAfter(60) })).rejects.toMatchObject({ code: 'cancelled' });
  });
  test('a script that was stopped makes no more calls', async () => {
    await expect(run("for (;;) { await client.call('later'); }", { signal: stopAfter(30) })).rejects.toMatchObject({ code: 'cancelled' });
    const before = calls;
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(calls).toBe(before);
  });
  test('before it begins', async () => {
    await expect(run('return 1;', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('the service', () => {
  const context = (signal?: AbortSignal) => ({ requestId: 'r', mode: 'direct' as const, timings: {}, ...(signal && { signal }) });
  const input = (source: string, stream: boolean) => ({ source, language: 'typescript' as const, name: 'test', stream });
  const streamOf = async (source: string, signal?: AbortSignal) =>
    (await runScript(runner, input(source, true), context(signal))) as AsyncIterable<{ event: string; data: unknown }>;

  test('collects without a stream', async () => {
    expect(await runScript(runner, input('print(1); return 2;', false), context())).toMatchObject({
      result: 2,
      output: [{ event: 'print' }],
    });
  });
  test('streams what is shown as it is shown, then done', async () => {
    const seen: string[] = [];
    for await (const { event } of await streamOf("print(1); await client.call('later'); table([]); return 3;")) seen.push(event);
    expect(seen).toEqual(['print', 'table', 'done']);
  });
  test('a failure ends the stream after what was shown', async () => {
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { event } of await streamOf("print(1); throw new Error('x');")) seen.push(event);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'code_invalid' });
    expect(seen).toEqual(['print']);
  });
  test('a reader that leaves stops the script', async () => {
    for await (const { event } of await streamOf("for (;;) { print('x'); await client.call('later'); }")) if (event === 'print') break;
    const before = calls;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(calls - before).toBeLessThanOrEqual(1);
    expect(runner.counts.running).toBe(0);
  });
  test('an abort of the caller cancels', async () => {
    const reading = (async () => {
      for await (const each of await streamOf('for (;;) await client.call();', AbortSignal.timeout(50))) void each;
    })();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
  });
});
