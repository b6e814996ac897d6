/** Makes the source of a code resource a function body that the worker can run: types erased, imports handed in, the default export handed out. */
import { messageOf } from '../../environment/thrown.ts';
import { loadCode } from '../../environment/load-code.ts';
import type { CompiledModule, Instance, Language } from './compiled-module.ts';
import { eraseTypes } from './erase-types.ts';
import { KNOWN_MODULES, knownModule } from './known-modules.ts';
import { type PositionIn, positionsOf } from './source-lines.ts';
import { childrenOf, invalidCode, isNode, parseScript, type Position, positionOf, type SyntaxNode } from './syntax.ts';

const REFUSED: Record<string, string> = {
  ExportAllDeclaration: '`export *` is not available here.',
  Import: '`import()` is not available here.',
  ImportExpression: '`import()` is not available here.',
  MetaProperty: '`import.meta` is not available here.',
};

const pythonModule = () => loadCode(() => import('./python/python-module.ts'));

/** As long as the words that it takes the place of, so that columns stay. */
const EXPORT_DEFAULT = '__out.default=';

/**
 * @param name what problems call it
 * @throws ApiError code_invalid with line and column of every problem
 */
export async function compileModule(source: string, name: string, language: Language = 'typescript'): Promise<CompiledModule> {
  if (language === 'python') return (await pythonModule()).compilePython(source, name);
  const program = await parseScript(source, 'typescript', name, 'module');
  const code = eraseTypes(source, program, name);
  const problems: { position: Position | null; message: string }[] = [];
  const bindings: string[] = [];
  const imports: string[] = [];
  const tail: string[] = [];
  let body = code;
  let exportsDefault = false;
  const write = (start: number, text: string) => (body = body.slice(0, start) + text + body.slice(start + text.length));
  const blank = (start: number, end: number) => write(start, body.slice(start, end).replace(/[^\n\r]/g, ' '));

  refuse(program, problems);
  // From the end: what is inserted moves nothing that is still to come.
  for (const node of (program['body'] as SyntaxNode[]).toReversed()) {
    if (node.type === 'ImportDeclaration' && node['importKind'] !== 'type') {
      const specifier = String((node['source'] as SyntaxNode)['value']);
      const known = knownModule(specifier);
      if (known) bindings.push(bindingOf(node, imports.push(known) - 1));
      else problems.push({ position: positionOf(node), message: unknownModule(specifier) });
      blank(node.start, node.end);
    } else if (node.type === 'ExportNamedDeclaration' && node['exportKind'] !== 'type') {
      const { declaration } = node;
      if (isNode(declaration)) blank(node.start, declaration.start);
      else {
        tail.push(...defaultAmong(node));
        blank(node.start, node.end);
      }
    } else if (node.type === 'ExportDefaultDeclaration') {
      const declaration = node['declaration'] as SyntaxNode;
      const name = isNode(declaration['id']) && /^(Function|Class)Declaration$/.test(declaration.type) && String(declaration['id']['name']);
      if (name) {
        blank(node.start, declaration.start);
        tail.push(`__out.default = ${name};`);
      } else {
        if (declaration.type.endsWith('Declaration')) body = `${body.slice(0, declaration.end)};${body.slice(declaration.end)}`;
        blank(node.start, declaration.start);
        write(node.start, EXPORT_DEFAULT);
      }
      exportsDefault = true;
    }
  }
  if (!exportsDefault && tail.length === 0)
    problems.push({ position: null, message: 'There is no `export default`: it is what becomes active.' });
  if (problems.length > 0) throw invalidCode(name, problems.toReversed());
  return {
    name,
    language: 'typescript',
    body: `${body}\n${tail.join(' ')}`,
    bindings: bindings.join(' '),
    imports,
    lines: source.split('\n').length,
  };
}

let instances = 0;
const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
  ...source: string[]
) => (out: { default?: unknown }, modules: readonly unknown[]) => Promise<void>;

/**
 * Runs the top level of a module.
 * @param starting told how to find its lines, before its first statement runs
 */
export async function instantiate(module: CompiledModule, starting?: (positionIn: PositionIn) => void): Promise<Instance> {
  if (module.language === 'python') return (await pythonModule()).instantiatePython(module, starting);
  const url = `glassbox-${module.name.replace(/[^\w.-]/g, '_')}-${++instances}.ts`;
  const positionIn = positionsOf(url, module.lines);
  starting?.(positionIn);
  let run;
  try {
    run = new AsyncFunction('__out', '__modules', `"use strict"; ${module.bindings}\n${module.body}\n//# sourceURL=${url}`);
  } catch (error) {
    throw invalidCode(module.name, [{ position: null, message: messageOf(error) }], error);
  }
  const out: { default?: unknown } = {};
  await run(
    out,
    module.imports.map((name) => KNOWN_MODULES[name]),
  );
  return { default: out.default, positionIn };
}

function refuse(node: SyntaxNode, problems: { position: Position | null; message: string }[]): void {
  const refused = REFUSED[node.type];
  const isNewTarget = node.type === 'MetaProperty' && (node['meta'] as SyntaxNode)['name'] === 'new';
  if (refused && !isNewTarget && node['exportKind'] !== 'type') problems.push({ position: positionOf(node), message: refused });
  else for (const child of childrenOf(node)) refuse(child, problems);
}

const nameOf = (node: unknown): string => {
  const { name, value } = node as { name?: string; value?: string };
  return name ?? JSON.stringify(value);
};

/** `import d, { a, b as c } from …` as constants. */
function bindingOf(node: SyntaxNode, index: number): string {
  const from = `__modules[${index}]`;
  return (node['specifiers'] as SyntaxNode[])
    .filter((each) => each['importKind'] !== 'type')
    .map((each) => {
      const local = nameOf(each['local']);
      if (each.type === 'ImportNamespaceSpecifier') return `const ${local} = ${from};`;
      const imported = each.type === 'ImportDefaultSpecifier' ? 'default' : nameOf(each['imported']);
      return `const { ${imported}: ${local} } = ${from};`;
    })
    .join(' ');
}

/** `export { a as default }` */
const defaultAmong = (node: SyntaxNode): string[] =>
  (node['specifiers'] as SyntaxNode[])
    .filter((each) => nameOf(each['exported']) === 'default')
    .map((each) => `__out.default = ${nameOf(each['local'])};`);

const unknownModule = (specifier: string): string =>
  `"${specifier}" can't be imported; types can be from anywhere (\`import type\`), values from ${Object.keys(KNOWN_MODULES).join(', ')}.`;
