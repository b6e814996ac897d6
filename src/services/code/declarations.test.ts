/** The declarations against the compiler: the built-in sources hold under them alone, and a mistake is seen. */
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { CATALOGUE } from './catalogue.ts';
import { declarationsOf } from './declarations.ts';

const LIBS = dirname(ts.getDefaultLibFilePath({}));

/** Messages of the compiler over sources, as patches that see the declarations and nothing else. */
async function check(sources: readonly string[]): Promise<string[]> {
  const files = new Map([
    ['/types.d.ts', await declarationsOf()],
    ...sources.map((source, i) => [`/patch/model/${i}.ts`, source] as const),
  ]);
  const read = (path: string) => files.get(path) ?? (path.startsWith(LIBS) ? ts.sys.readFile(path) : undefined);
  const program = ts.createProgram(
    [...files.keys()],
    {
      strict: true,
      noEmit: true,
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      allowImportingTsExtensions: true,
      types: [],
      lib: ['lib.esnext.d.ts'],
    },
    {
      getSourceFile: (path, target) => {
        const text = read(path);
        return text === undefined ? undefined : ts.createSourceFile(path, text, target);
      },
      readFile: read,
      fileExists: (path) => files.has(path),
      getDefaultLibFileName: () => join(LIBS, 'lib.d.ts'),
      getDefaultLibLocation: () => LIBS,
      getCurrentDirectory: () => '/',
      getCanonicalFileName: (path) => path,
      useCaseSensitiveFileNames: () => true,
      getNewLine: () => '\n',
      writeFile: () => {},
    },
  );
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, start, messageText }) =>
        `${file?.fileName}:${file?.getLineAndCharacterOfPosition(start ?? 0).line ?? -1} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
}

test('every built-in source holds under the declarations', async () => {
  const sources = CATALOGUE.filter(({ kind }) => kind !== 'kernel').flatMap(({ builtIn, variants }) => [
    builtIn('wasm'),
    ...variants.map(({ source }) => source),
  ]);
  expect(await check(sources)).toEqual([]);
});

test('a mistake is seen', async () => {
  const mistakes = await check([
    "import type { NormFragment } from '../../engine/graph/index.ts';\nconst norm: NormFragment = (g, { x }) => g.rmsNorn(x);\nexport default norm;\n",
  ]);
  expect(mistakes.join()).toContain('rmsNorn');
});
