/** The ready-made patches, checked by the compiler that the editor runs: they hold, and mistakes in a patch are found where they stand. */
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { COMPILER_OPTIONS } from '../../kit/source-editor/compiler-options.ts';
import { startersOf, templateFor } from '../starters.ts';
import { draftPath, fragmentLibrary } from './fragment-library.ts';

const LIBS = dirname(ts.getDefaultLibFilePath({}));
const RESOURCES = [
  'model.attention',
  'model.mlp',
  'model.norm',
  'model.position',
  'sampler',
  'scheduler.policy',
  'memory.eviction',
  'tokenizer.normalizer',
];

/** Messages of the compiler over patches, by path. */
function check(patches: Record<string, string>): string[] {
  const files = new Map(Object.entries({ ...fragmentLibrary(), ...patches }).map(([path, text]) => [`/${path}`, text]));
  const readFile = (path: string) => files.get(path) ?? (path.startsWith(LIBS) ? ts.sys.readFile(path) : undefined);
  const program = ts.createProgram(
    Object.keys(patches).map((path) => `/${path}`),
    COMPILER_OPTIONS,
    {
      getSourceFile: (path, target) => {
        const text = readFile(path);
        return text === undefined ? undefined : ts.createSourceFile(path, text, target);
      },
      readFile,
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
  return Object.keys(patches).flatMap((path) => {
    const file = program.getSourceFile(`/${path}`)!;
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ messageText, start }) =>
        `${path}:${file.getLineAndCharacterOfPosition(start ?? 0).line + 1} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
  });
}

test('every resource has two, and each says what it is for', () => {
  for (const id of RESOURCES) {
    expect(startersOf(id).length, id).toBeGreaterThanOrEqual(2);
    for (const { name, description } of startersOf(id)) expect(description, name).toMatch(/^[A-Z].+[.?]$/);
  }
});

test('they are without an error', () => {
  const patches = RESOURCES.flatMap((id) =>
    startersOf(id)
      .filter(({ language }) => language === 'typescript')
      .map(({ source }, i) => [draftPath(id, 'typescript').replace('.draft', `.${i}`), source] as const),
  );
  expect(check(Object.fromEntries(patches))).toEqual([]);
});

test('another language brings a start in it, over what nobody has written', () => {
  const original = { source: 'as it came', language: 'typescript' as const };
  for (const id of ['model.attention', 'model.mlp', 'model.norm', 'model.position']) {
    const python = templateFor(id, 'python', original.source, original);
    expect(python, id).toContain(`def ${id.split('.')[1]}(g, inputs):`);
    expect(templateFor(id, 'typescript', python, original)).toBe('as it came');
    expect(templateFor(id, 'python', 'mine', original)).toBe('mine');
  }
});

test('mistakes are found at their line', () => {
  const source = `import type { AttentionFragment } from '../../engine/graph/index.ts';
const attention: AttentionFragment = (g, { q, layer }) => {
  g.softmaxx(q);
  g.matmul(q, layer.numHeads);
  return 'nothing';
};
export default attention;
`;
  const messages = check({ [draftPath('model.attention', 'typescript')]: source });
  expect(messages.map((each) => Number(/:(\d+) /.exec(each)![1]))).toEqual([2, 3, 4].toSorted());
});
