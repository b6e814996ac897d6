/**
 * Reads a script's syntax with the one parser that we load for it, and says what is wrong in the user's own lines.
 *
 * Why @babel/parser: it names line and column of every early error (also of those that an engine's own `SyntaxError` keeps to itself:
 * a `const` without a value, a name declared twice, an `await` out of place), runs in a worker and in Node, is released monthly
 * (7.29.14 of November 2026) and is 74 kB gzipped, fetched with the first script. Looked at beside it: @swc/wasm-typescript and amaro
 * (1.4 MB gzipped, Node only: `Buffer`, `require`), ts-blank-space (1 MB with TypeScript, which reports no early errors), oxc-transform
 * (its wasm needs shared memory), sucrase (moves columns and lets wrong code pass). Version 8 of the parser asks for Node 22.18.
 */
import { ApiError, type ErrorItem } from '../../contract/index.ts';
import { loadCode } from '../../environment/load-code.ts';

/** A node as far as we look at it: its kind, its place, and children under any name. */
export interface SyntaxNode {
  type: string;
  /** In UTF-16 units. */
  start: number;
  end: number;
  loc: { start: { line: number; column: number } };
  [field: string]: unknown;
}

/** Where something stands, as the user counts: from 1. */
export interface Position {
  line: number;
  column: number;
}

export const atPosition = ({ line, column }: Position): string => `line ${line}, column ${column}`;

/** The position in a text that `atPosition` made. */
export function positionFrom(text: string): Position | null {
  const match = /^line (\d+), column (\d+)/.exec(text);
  return match && { line: Number(match[1]), column: Number(match[2]) };
}

/** A problem with the script, at a place in it. */
export function invalidCode(name: string, problems: readonly { position: Position | null; message: string }[], cause?: unknown): ApiError {
  const errors: ErrorItem[] = problems.map(({ position, message }) => ({ path: position ? atPosition(position) : '', message }));
  const [first] = errors;
  const more = errors.length > 1 ? ` And ${errors.length - 1} more.` : '';
  return new ApiError(
    'code_invalid',
    `${name}${first?.path ? `, ${first.path}` : ''}: ${first?.message ?? 'the code is invalid.'}${more}`,
    errors,
    cause === undefined ? undefined : { cause },
  );
}

interface BabelError {
  message: string;
  loc: { line: number; column: number };
}

/**
 * The tree of a script, which may `await` and `return` at its top level, or of a module, which may only `await` there.
 * @throws ApiError code_invalid, with every error that was found
 */
export async function parseScript(
  source: string,
  language: 'typescript' | 'javascript',
  name: string,
  form: 'script' | 'module' = 'script',
): Promise<SyntaxNode> {
  const { parse } = await loadCode(() => import('@babel/parser'));
  let file;
  try {
    file = parse(source, {
      sourceType: 'module',
      allowReturnOutsideFunction: form === 'script',
      createParenthesizedExpressions: true,
      errorRecovery: true,
      attachComment: false,
      plugins: language === 'typescript' ? ['typescript'] : [],
    });
  } catch (error) {
    if (error instanceof RangeError)
      throw invalidCode(name, [{ position: null, message: 'It is nested too deeply to be read. Build such a value in a loop.' }], error);
    throw invalidCode(name, [described(error as BabelError, source)]);
  }
  const errors = (file.errors ?? []) as unknown as BabelError[];
  if (errors.length > 0)
    throw invalidCode(
      name,
      errors.map((error) => described(error, source)),
    );
  return file.program as unknown as SyntaxNode;
}

function described({ message, loc }: BabelError, source: string): { position: Position; message: string } {
  const said = message.replace(/ \(\d+:\d+\)$/, '');
  const position = { line: loc.line, column: loc.column + 1 };
  return { position, message: said === 'Unexpected token' ? `Unexpected ${tokenAt(source, loc)}.` : said };
}

function tokenAt(source: string, { line, column }: { line: number; column: number }): string {
  const rest = source.split(/\r\n|[\n\r\u2028\u2029]/)[line - 1]?.slice(column) ?? '';
  const token = /^(?:[\w$]+|\S)/u.exec(rest)?.[0];
  return token === undefined ? 'end' : `token \`${token}\``;
}

export function positionOf({ loc }: SyntaxNode): Position {
  return { line: loc.start.line, column: loc.start.column + 1 };
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' && 'start' in value;
}

/** The nodes right below a node, in order of the source. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  return Object.values(node).flatMap((value) => (Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : []));
}
