/** Makes a script's source a function that can be called with what the script may reach, and finds the script's lines in stack traces. */
import { messageOf } from '../../environment/thrown.ts';
import { eraseTypes } from './erase-types.ts';
import { type PositionIn, positionsOf } from './source-lines.ts';
import { childrenOf, invalidCode, parseScript, type Position, positionOf, type SyntaxNode } from './syntax.ts';

export interface CompiledScript {
  /** @param reach what the script can name, in the order of the names it was compiled with */
  run(...reach: readonly unknown[]): Promise<unknown>;
  /** Where in the script an error was thrown. */
  positionIn: PositionIn;
}

const IMPORT = 'A script reaches the services by `client`; `import` and `export` are not available.';
const FORBIDDEN: Record<string, string> = {
  ImportDeclaration: IMPORT,
  ExportNamedDeclaration: IMPORT,
  ExportDefaultDeclaration: IMPORT,
  ExportAllDeclaration: IMPORT,
  Import: IMPORT,
  ImportExpression: IMPORT,
  MetaProperty: '`import.meta` is not available in a script.',
};

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
  ...source: string[]
) => (...reach: readonly unknown[]) => Promise<unknown>;

/** The block lets a script declare `client` or `print` anew; it begins on a line of its own, so that columns stay. */
const HEAD = '"use strict"; {\n';
let compiled = 0;

/**
 * @param names what the script can name
 * @throws ApiError code_invalid with line and column of every syntax error
 */
export async function compileScript(
  source: string,
  language: 'typescript' | 'javascript',
  name: string,
  names: readonly string[],
): Promise<CompiledScript> {
  const program = await parseScript(source, language, name);
  const code = language === 'typescript' ? eraseTypes(source, forbidModules(program, name), name) : (forbidModules(program, name), source);
  const url = `glassbox-script-${++compiled}.${language === 'typescript' ? 'ts' : 'js'}`;
  let run: CompiledScript['run'];
  try {
    // The comment names the script for stack traces and developer tools.
    run = new AsyncFunction(...names, `${HEAD}${blankExports(code, program)}\n}\n//# sourceURL=${url}`);
  } catch (error) {
    throw invalidCode(name, [{ position: null, message: messageOf(error) }], error);
  }
  return { run, positionIn: positionsOf(url, source.split('\n').length) };
}

/** `export {}` makes a file a module for the type checker and says nothing else. */
const isEmptyExport = (node: SyntaxNode) =>
  node.type === 'ExportNamedDeclaration' && !node['declaration'] && !node['source'] && (node['specifiers'] as unknown[]).length === 0;

function forbidModules(program: SyntaxNode, name: string): SyntaxNode {
  const problems: { position: Position; message: string }[] = [];
  const visit = (node: SyntaxNode) => {
    const refused = FORBIDDEN[node.type];
    const typeOnly = node['importKind'] === 'type' || node['exportKind'] === 'type';
    const newTarget = node.type === 'MetaProperty' && (node['meta'] as SyntaxNode)['name'] === 'new';
    if (refused && !typeOnly && !newTarget && !isEmptyExport(node)) problems.push({ position: positionOf(node), message: refused });
    else childrenOf(node).forEach(visit);
  };
  visit(program);
  if (problems.length > 0) throw invalidCode(name, problems);
  return program;
}

function blankExports(code: string, program: SyntaxNode): string {
  return (program['body'] as SyntaxNode[])
    .filter(isEmptyExport)
    .reduce((text, { start, end }) => text.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, ' ') + text.slice(end), code);
}
