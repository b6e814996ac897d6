/** Scripts in Python as a person writes them, over the whole workbench: what they show and get, where they fail, what ends them. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { ScriptOutput } from '../../../contract/code-run.ts';
import { ApiError } from '../../../contract/index.ts';
import { loadTinyModel, scripts } from '../../../testing/reference-workbench.ts';

beforeAll(loadTinyModel);

async function run(source: string, signal = new AbortController().signal, output: ScriptOutput[] = []) {
  const summary = await scripts.run({ source, language: 'python', name: 'test' }, (each) => output.push(each), signal);
  return { ...summary, output, text: texts(output) };
}
const texts = (output: ScriptOutput[]) => output.flatMap((each) => (each.event === 'print' ? [each.data.values.join(' ')] : []));
const failure = async (source: string, output: ScriptOutput[] = []) =>
  run(source, undefined, output).then(
    () => Promise.reject(new Error('it did not fail')),
    (error: ApiError) => error,
  );

test('a script that runs with less is refused the rest, by calls, streams and roles, in both modes', async () => {
  const caller = { kind: 'script', id: null, name: 'test', scopes: ['read', 'run'], expiresAt: null } as const;
  const source = `
async def code(make):
    try:
        await make()
    except Exception as error:
        return error.code
async def streamed():
    async for _ in client.stream("code", "run", {"source": ""}):
        pass
seen = [await client.get("auth", "whoami")]
for restful in [False, True]:
    client.enable_restful_mode(restful)
    seen.append([
        await code(lambda: client.delete("code", "resources/sampler")),
        await code(lambda: client.post("code", "run", {"source": "", "language": "python"})),
        await code(lambda: client.post("auth", "tokens", {"name": "x", "scopes": ["read"]})),
        await code(lambda: designer.patch_code("model", "x", "python")),
        await code(streamed),
        await code(lambda: client.post("tokenizer", "tokenize", {"text": "a"})),
    ])
seen`;
  const { result } = await scripts.run({ source, language: 'python', name: 'test', caller }, () => {}, new AbortController().signal);
  const ends = [...Array<string>(5).fill('insufficient_scope'), null];
  expect(result).toEqual([{ kind: 'script', id: null, name: 'test', scopes: ['read', 'run'], expires_at: null }, ends, ends]);
});

test('what a script that runs with less leaves in its interpreter is not met by one that runs with more', async () => {
  const caller = { kind: 'script', id: null, name: 'test', scopes: ['read'], expiresAt: null } as const;
  const start = (source: string, more: object = {}) =>
    scripts.run({ source, language: 'python', name: 'test', ...more }, () => {}, new AbortController().signal);
  await start('type(client).get = None\nimport math\nmath.left = 1', { caller });
  const { result } = await start('import math\n[hasattr(math, "left"), (await client.get("auth", "whoami"))["kind"]]');
  expect(result).toEqual([false, 'page']);
});

describe('what a script shows and gets', () => {
  test('awaits at the top level; its last line is its result', async () => {
    const source = 'import asyncio\nawait asyncio.sleep(0)\nx = [1, 2]\nprint("x", x, None, True, 1.0)\n{"sum": sum(x)}';
    const { result, output } = await run(source);
    expect(result).toEqual({ sum: 3 });
    expect(output).toEqual([{ event: 'print', data: { level: 'log', values: ['x', [1, 2], 'None', 'True', '1.0'] } }]);
  });

  test('prints as Python does: separators, streams, what has no form in JSON', async () => {
    const source = [
      'import sys',
      'print("a", 1, sep="-", end="")',
      'print("to stderr", file=sys.stderr)',
      'print.warn("careful")',
      'sys.stdout.write("half a ")',
      'sys.stdout.write("line\\nrest")',
      'print(object, {(1, 2): 3}, float("nan"), [float("inf")])',
      'print(ValueError("as print writes it"))',
    ].join('\n');
    const { output } = await run(source);
    const shown = output.flatMap((each) => (each.event === 'print' ? [[each.data.level, ...each.data.values]] : []));
    expect(shown).toEqual([
      ['log', 'a-1'],
      ['error', 'to stderr'],
      ['warn', 'careful'],
      ['log', 'half a line'],
      ['log', "<class 'object'>", '{(1, 2): 3}', 'nan', [{ $type: 'number', text: 'Infinity' }]],
      ['log', 'as print writes it'],
      ['log', 'rest'],
    ]);
  });

  test('tables, plots and pictures', async () => {
    const { output } = await run(
      'table([{"a": 1}, {"b": "x"}], title="T")\nplot(kind="line", series={"s": [1, float("nan"), 3]})\nplot({"kind": "bar", "series": {"s": (1, 2)}, "labels": ["x", "y"]})\npicture(b"<svg/>", "svg", "P")',
    );
    expect(output.map(({ event, data }) => [event, data])).toMatchObject([
      [
        'table',
        {
          title: 'T',
          columns: ['a', 'b'],
          rows: [
            [1, null],
            [null, 'x'],
          ],
        },
      ],
      ['plot', { kind: 'line', series: [{ label: 's', values: [1, null, 3] }] }],
      ['plot', { kind: 'bar', labels: ['x', 'y'], series: [{ values: [1, 2] }] }],
      ['picture', { title: 'P', media_type: 'image/svg+xml', data: Buffer.from('<svg/>').toString('base64') }],
    ]);
  });

  test('both modes: an envelope, and the bare result', async () => {
    const { result } = await run(`
client.enable_restful_mode(True)
whole = await client.post("tokenizer", "tokenize", {"text": "Hello world", "add_special_tokens": True})
examples = await client.get("tokenizer", "examples")
client.enable_restful_mode(False)
bare = await client.post("tokenizer", "tokenize", {"text": "Hello world"})
text = await client.get("tokenizer", "detokenize/" + bare["id"])
[sorted(whole), whole["data"]["input_ids"] == bare["input_ids"], sorted(examples), text["text"], (await tester.run_service_tests("tokenizer", ["info"]))]
`);
    const [keys, same, exampleKeys, text, report] = result as [string[], boolean, string[], string, object];
    expect({ keys, same, exampleKeys }).toEqual({
      keys: ['data', 'examples', 'metadata'],
      same: true,
      exampleKeys: ['data', 'examples', 'metadata'],
    });
    expect(text).toContain('Hello world');
    expect(report).toBeTypeOf('object');
  });

  test('tensors are memoryviews with a shape, whichever way they came; a stream is gone through', async () => {
    const { result } = await run(`
out = []
for mode in (False, True):
    client.enable_restful_mode(mode)
    answer = await client.post("model", "forward", {"input_ids": [[1, 2, 3]], "logits": "all"})
    logits = (answer["data"] if mode else answer)["logits"]
    view = memoryview(logits.data)
    out.append([logits.dtype, list(logits.shape), list(view.shape), view.format, view[0, 2, 5]])
print(logits)
same = logits.data.obj is logits.data.obj
tokens = [data["token_id"] async for event, data in client.stream("model", "generate", {"prompt": "abc", "max_new_tokens": 3, "temperature": 0}) if event == "token"]
[out, same, len(tokens)]
`);
    const [[direct, restful], same, tokens] = result as [unknown[][], boolean, number];
    expect(direct).toEqual(restful);
    expect(direct!.slice(0, 4)).toMatchObject(['float32', [1, 3, expect.any(Number)], [1, 3, expect.any(Number)], 'f']);
    expect([same, tokens]).toEqual([true, 3]);
  });

  test('a part of a tensor is shown like the whole, with its own shape', async () => {
    const { output, result } = await run(
      'logits = (await client.post("model", "forward", {"input_ids": [[1, 2, 3]], "logits": "all"}))["logits"]\nprint(logits[0])\nlogits[0]',
    );
    const shown = { dtype: 'float32', shape: [3, expect.any(Number)] };
    expect(output).toMatchObject([{ event: 'print', data: { values: [{ $type: 'tensor', ...shown }] } }]);
    expect(result).toMatchObject({ $type: 'tensor', ...shown });
  });

  test('two at once keep their own names, modes and output', async () => {
    const source = (n: number) =>
      `import asyncio\nclient.enable_restful_mode(${n === 1 ? 'True' : 'False'})\nfor i in range(3):\n    await asyncio.sleep(0.005)\n    print(${n})\nclient.restful_mode`;
    const [a, b] = await Promise.all([run(source(1)), run(source(2))]);
    expect([a.text, a.result, b.text, b.result]).toEqual([['1', '1', '1'], true, ['2', '2', '2'], false]);
  });
});

describe('where a script fails', () => {
  test.each([
    ['an exception', 'a = 1\n\n  \nraise ValueError("no")', 'line 4, column 1', 'ValueError: no'],
    ['an exception in a function', 'def f(x):\n    return  x.y + 1\nf(None)', 'line 2, column 13', "AttributeError: 'NoneType'"],
    ['a syntax error', 'a = 1\nb = (1,\nc d', 'line 2, column 5', 'SyntaxError'],
    ['a wrong indentation', 'if True:\nx', 'line 2, column 1', 'IndentationError'],
    ['a refused call', 'print(1)\nawait client.post("tokenizer", "tokenize", {"text": 5})', 'line 2, column 1', 'validation_failed'],
    ['an unknown path', 'await client.get("tokenizer", "nothing")', 'line 1, column 1', 'not_found'],
    [
      'an exception in a task',
      'import asyncio\nasync def f():\n    1 / 0\nawait asyncio.gather(f())',
      'line 3, column 5',
      'ZeroDivisionError',
    ],
    ['a module that is not here', 'import numpy', 'line 1, column 1', "No module named 'numpy'. What this page's Python has"],
    ['sys.exit', 'print("so far")\nimport sys\nsys.exit("enough")', 'line 3, column 1', "the script ended itself: sys.exit('enough')"],
    ['os._exit', 'import os\nos._exit(3)', 'line 2, column 1', 'sys.exit(3)'],
    ['endless recursion', 'def f(n):\n    return f(n + 1)\nf(0)', 'line 2, column 12', 'RecursionError'],
    [
      'a recursion without a limit',
      'import sys\nsys.setrecursionlimit(10**9)\ndef f(n):\n    return f(n + 1)\nf(0)',
      'line 4, column 12',
      'RecursionError',
    ],
    ['a table of no rows', '\ntable(5)', 'line 2, column 1', 'TypeError: table takes'],
    ['a plot of no kind', 'plot(kind="pie")', 'line 1, column 1', 'plot takes'],
    [
      'what JSON has no form for',
      'await client.post("tokenizer", "tokenize", {"text": object()})',
      'line 1, column 1',
      'has no form in JSON',
    ],
  ])('%s is told with its place', async (_, source, place, message) => {
    const error = await failure(source);
    expect(error.code).toBe('code_invalid');
    expect(error.errors[0]?.path).toContain(place);
    expect(error.message).toContain(message);
  });

  test('an error of a service says what it says of its input, and is an exception with its fields', async () => {
    const error = await failure('await client.post("tokenizer", "tokenize", {"text": 5})');
    expect(
      error.errors
        .slice(1)
        .map(({ path }) => path)
        .join(),
    ).toContain('line 1, column 1: /text');
    const source =
      'from glassbox import GlassboxError\ntry:\n    await client.get("model", "generations/none")\nexcept GlassboxError as e:\n    r = [e.code, e.status]\nr';
    expect((await run(source)).result).toEqual(['not_found', 404]);
  });

  test('an exception in a callback is shown, and the script goes on', async () => {
    const { text, result } = await run(
      'import asyncio\nasyncio.get_running_loop().call_soon(lambda: 1 / 0)\nawait asyncio.sleep(0.01)\n"on"',
    );
    expect(result).toBe('on');
    expect(text.join('\n')).toContain('ZeroDivisionError: division by zero (line 2)');
  });
});

describe('what ends a script', () => {
  const stopAfter = (ms: number) => AbortSignal.timeout(ms);

  test('Stop, while it waits: what it showed stays, what it started ends', async () => {
    const output: ScriptOutput[] = [];
    const source =
      'import asyncio\nasync def other():\n    while True:\n        await asyncio.sleep(0.01)\n        print("other")\nasyncio.create_task(other())\nprint("here")\nawait asyncio.sleep(60)';
    await expect(run(source, stopAfter(200), output)).rejects.toMatchObject({ code: 'cancelled' });
    expect(texts(output)[0]).toBe('here');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { length } = output;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(output).toHaveLength(length);
  });

  test('a loop that never gives way, where a stack can’t be put aside', async () => {
    const output: ScriptOutput[] = [];
    const error = await failure('print("so far")\nwhile True:\n    pass', output);
    expect(error.message).toContain('without giving way');
    expect(error.errors[0]?.path).toMatch(/^line [23],/);
    expect(texts(output)).toEqual(['so far']);
  });

  test('a gigabyte is given and let go of', async () => {
    // On a slow machine it takes so long that it is ended, where a stack can't be put aside.
    const outcome = await run('len(bytearray(10**9))').catch((error: ApiError) => error);
    if (outcome instanceof ApiError) expect(outcome.message).toContain('without giving way');
    else expect(outcome.result).toBe(10 ** 9);
    expect((await run('"next"')).result).toBe('next');
  });

  test('a stream left open is ended', async () => {
    const { text } = await run(
      'events = client.stream("model", "generate", {"prompt": "abc", "max_new_tokens": 200, "ignore_eos": True})\nawait anext(events)\n0',
    );
    expect(text.at(-1)).toContain('The stream of model/generate was left open');
  });
});
