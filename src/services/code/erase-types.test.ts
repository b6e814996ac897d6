/** The eraser against the TypeScript compiler: on our own sources both must leave the same program, and ours must leave every position. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { ApiError } from '../../contract/index.ts';
import { eraseTypes } from './erase-types.ts';
import { parseScript } from './syntax.ts';

const strip = async (source: string) => eraseTypes(source, await parseScript(source, 'typescript', 'test'), 'test');

/** What the compiler prints, without comments, spaces and empty statements. */
const printed = (source: string, fileName: string) =>
  ts
    .transpileModule(`${source}\nexport {};`, {
      fileName,
      compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true, removeComments: true },
    })
    .outputText.replace(/^\s*;$/gm, '')
    .replace(/;\s*;/g, ';')
    .replace(/,\s*(?=[}\])])/g, ' ')
    // Parentheses around what was an assertion are kept by one and dropped by the other.
    .replace(/[\s()]+/g, '');

/** The JavaScript with runs of spaces written as one. */
const CASES: [what: string, source: string, expected: string][] = [
  ['annotations', 'let a: number = 1; const f = (x?: string): void => {};', 'let a = 1; const f = (x ) => {};'],
  ['assertions', 'const a = (b as unknown) as T; c!.d; e satisfies T;', 'const a = (b ) ; c .d; e ;'],
  ['old assertions', 'const a = <T>b;', 'const a = b;'],
  ['generics', 'f<T>(x); new Map<K, V>(); g<T>;', 'f (x); new Map (); g ;'],
  ['a statement that ends the line before', 'const a = 1\ntype T = 1\n;[1]', 'const a = 1\n; \n [1]'],
  ['an assertion before a line that would go on', 'const a = b as T\n[1].length', 'const a = b ;\n[1].length'],
  ['declarations', 'declare const a: 1; interface I {}', '; ; '],
  [
    'classes',
    'abstract class A<T> extends B<T> implements I, J { private readonly x?: 1; declare y: 2; abstract z(): void; }',
    ' class A extends B { x ; ; ; }',
  ],
  ['a computed member after an open line', 'class A { x = 1\nprivate [k] = 2 }', 'class A { x = 1\n; [k] = 2 }'],
  ['this as a parameter', 'function f(this: T, a: 1) {} function g(this: T) {}', 'function f( a ) {} function g( ) {}'],
  ['an arrow type over lines', 'const f = (a: 1): {\n  b: 1;\n} => a;', 'const f = (a \n \n) => a;'],
  ['overloads', 'function f(a: 1): 1;\nfunction f(a: any) { return a; }', '; \nfunction f(a ) { return a; }'],
  ['imports', "import type { A } from 'a';\nimport { b, type C, d } from 'b';\nexport type { A };", "; \nimport { b, d } from 'b';\n; "],
  ['optional calls stay', 'a?.b?.(c); a ? b : c;', 'a?.b?.(c); a ? b : c;'],
  ['definite', 'let a!: number; class B { c!: string }', 'let a ; class B { c }'],
  ['type words as names', 'const type = 1; const as = type as 1; let declare = as;', 'const type = 1; const as = type ; let declare = as;'],
  ['comments where a mark is looked for', 'function f(a /* ? */ ?: 1 /* , */) {}', 'function f(a /* ? */ /* , */) {}'],
];

test.each(CASES)('%s', async (_, source, expected) => {
  const code = await strip(source);
  expect(code.replace(/ +/g, ' ')).toBe(expected.replace(/ +/g, ' '));
  expect(code.length).toBe(source.length);
  await parseScript(code, 'javascript', 'test');
});

test.each([
  ['enum A { B }', 1],
  ['const a = 1;\nnamespace N { export const b = 1 }', 2],
  ['class A { constructor(private b: 1) {} }', 1],
])('what has code of its own is refused with its line: %s', async (source, line) => {
  const error = await strip(source).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ApiError);
  expect((error as ApiError).code).toBe('code_invalid');
  expect((error as ApiError).errors[0]?.path).toMatch(new RegExp(`^line ${line}, column \\d+$`));
});

describe('our own sources', () => {
  const files = ['contract', 'transport', 'client', 'services'].flatMap((folder) =>
    readdirSync(join('src', folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join('src', folder, file)),
  );
  test(`${files.length} files keep program and positions`, async () => {
    expect(files.length).toBeGreaterThan(30);
    for (const file of files) {
      const source = readFileSync(file, 'utf8');
      // A file of our own may use what only a compiler takes; it is refused, and that is tested above.
      const code = await strip(source).catch((error: ApiError) => (/cannot be erased/.test(error.message) ? null : Promise.reject(error)));
      if (code === null) continue;
      const sameLines = code.length === source.length && code.replace(/[^\n]/g, '') === source.replace(/[^\n]/g, '');
      expect({ file, sameLines, sameProgram: printed(code, 'file.js') === printed(source, 'file.ts') }).toEqual({
        file,
        sameLines: true,
        sameProgram: true,
      });
    }
  });
});
