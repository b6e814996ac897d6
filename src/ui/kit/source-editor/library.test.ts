/** The script editor's types, checked by the compiler that the editor runs: the examples hold in them, mistakes do not. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { beforeAll, expect, test } from 'vitest';
import { COMPILER_OPTIONS, IGNORED_DIAGNOSTICS } from './compiler-options.ts';
import { editorLibrary } from './library.ts';

const examples = Object.fromEntries(
  readdirSync('examples')
    .filter((file) => /^[\w-]+\.ts$/.test(file))
    .map((file) => [`examples/${file}`, readFileSync(join('examples', file), 'utf8')]),
);
const LIBS = dirname(ts.getDefaultLibFilePath({}));
let library: Record<string, string>;
beforeAll(() => {
  library = editorLibrary();
});

/** Messages of the compiler over scripts, by line. */
function check(scripts: Record<string, string>): string[] {
  const files = new Map(Object.entries({ ...library, ...scripts }).map(([path, text]) => [`/${path}`, text]));
  const host: ts.CompilerHost = {
    getSourceFile: (path, target) => {
      const text = host.readFile(path);
      return text === undefined ? undefined : ts.createSourceFile(path, text, target);
    },
    readFile: (path) => files.get(path) ?? (path.startsWith(LIBS) ? ts.sys.readFile(path) : undefined),
    fileExists: (path) => files.has(path),
    getDefaultLibFileName: () => join(LIBS, 'lib.d.ts'),
    getDefaultLibLocation: () => LIBS,
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    writeFile: () => {},
  };
  const names = Object.keys(scripts).map((path) => `/${path}`);
  const program = ts.createProgram(['/examples/globals.d.ts', ...names], COMPILER_OPTIONS, host);
  return names.flatMap((name) => {
    const file = program.getSourceFile(name)!;
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
      .filter(({ code }) => !IGNORED_DIAGNOSTICS.includes(code))
      .map(
        ({ messageText, start }) =>
          `${name}:${file.getLineAndCharacterOfPosition(start ?? 0).line + 1} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
      );
  });
}

test('the examples are without an error', () => {
  expect(Object.keys(examples).length).toBeGreaterThanOrEqual(3);
  expect(check(examples)).toEqual([]);
});

test('what comes back has its type, and what is wrong is found where it stands', () => {
  const messages = check({
    'examples/mistakes.ts': `const { input_ids, tokens } = await client.post('tokenizer', 'tokenize', { text: 'Hi' });
const right: number[] | number[][] = input_ids;
await client.post('tokenizer', 'tokenize', { text: 42 });
await client.post('tokenizer', 'tokenise', { text: '' });
const wrong: boolean = tokens;
await client.post('model', 'generate', { prompt: 'a', temperature: 'hot' });
for await (const event of client.stream('model', 'generate', { prompt: 'a' })) if (event.event === 'token') print(event.data.text, event.data.nothing);
plot({ kind: 'line', series: { a: [1, 2] } });
plot({ kind: 'pie' });
print.warn(signal.aborted, (await tester.runServiceTests('model')).passed + 1);
await tester.runServiceTests('modal');
`,
  });
  expect(messages.map((each) => Number(/:(\d+) /.exec(each)![1]))).toEqual([3, 4, 5, 6, 7, 9, 11]);
});
