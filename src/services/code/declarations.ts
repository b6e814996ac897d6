/** The types that patched code may use, as one declaration file for an editor: read off the sources that run, bodies left out. */
import { DECLARED, TEXTS } from '../../patchable/generated/texts.ts';
import { isNode, parseScript, type SyntaxNode } from './syntax.ts';

/** Functions that a patch may call; the others are the engine's. */
const CALLABLE = new Set(['randomAt']);

let made: Promise<string> | null = null;

/** Made once: the sources don't change. */
export const declarationsOf = (): Promise<string> => (made ??= make());

async function make(): Promise<string> {
  const modules = await Promise.all(
    // By the end of their path: a patch names them from where the built-in file lies.
    Object.entries(DECLARED).map(async ([path, files]) => {
      const parts = await Promise.all(files.map((file) => declare(TEXTS[file])));
      return `declare module '*/${path}' {\n${parts.flat().join('\n')}\n}\n`;
    }),
  );
  return modules.join('\n');
}

async function declare(source: string): Promise<string[]> {
  const { body } = (await parseScript(source, 'typescript', 'declarations', 'module')) as unknown as { body: SyntaxNode[] };
  let end = 0;
  return body.flatMap((statement) => {
    const comment = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/.exec(source.slice(end, statement.start))?.[0] ?? '';
    end = statement.end;
    const text = declaration(source, statement);
    return text === null ? [] : [comment + text];
  });
}

function declaration(source: string, statement: SyntaxNode): string | null {
  const node = isNode(statement['declaration']) ? statement['declaration'] : statement;
  if (node.type === 'TSInterfaceDeclaration' || node.type === 'TSTypeAliasDeclaration')
    return `export ${source.slice(node.start, node.end)}`;
  if (node.type === 'ClassDeclaration') return declareClass(source, node);
  if (node !== statement && node.type === 'FunctionDeclaration' && CALLABLE.has(String((node['id'] as SyntaxNode)['name'])))
    return `export function ${signature(source, node, node['id'] as SyntaxNode)}`;
  if (node !== statement && node.type === 'VariableDeclaration') return declareList(source, node);
  return null;
}

function declareClass(source: string, node: SyntaxNode): string {
  const body = node['body'] as SyntaxNode & { body: SyntaxNode[] };
  const members = body.body.flatMap((member) => {
    const hidden = /^ClassPrivate|^StaticBlock/.test(member.type) || /^(private|protected)$/.test(String(member['accessibility']));
    if (hidden) return [];
    if (member['kind'] === 'constructor') return parameterProperties(source, member);
    if (member.type === 'ClassMethod') return [methodOf(source, member)];
    const type = member['typeAnnotation'];
    return isNode(type) ? [`readonly ${nameIn(member)}${source.slice(type.start, type.end)};`] : [];
  });
  return `export ${source.slice(node.start, body.start)}{\n  ${members.join('\n  ')}\n}`;
}

const nameIn = (member: SyntaxNode): string => String((member['key'] as SyntaxNode)['name']);

const methodOf = (source: string, member: SyntaxNode): string =>
  `${member['kind'] === 'get' ? 'get ' : ''}${signature(source, member, member['key'] as SyntaxNode)}`;

/** `readonly op: string` in a constructor's parameters is a field. */
const parameterProperties = (source: string, { params }: SyntaxNode): string[] =>
  (params as SyntaxNode[])
    .filter((each) => each.type === 'TSParameterProperty' && !/^(private|protected)$/.test(String(each['accessibility'])))
    .map((each) => {
      const parameter = each['parameter'] as SyntaxNode;
      return `readonly ${parameterOf(source, parameter).replace('?:', ':')};`;
    });

/** Name, type parameters, parameters and result, without a body. */
function signature(source: string, node: SyntaxNode, name: SyntaxNode): string {
  const text = (part: unknown) => (isNode(part) ? source.slice(part.start, part.end) : '');
  const parameters = (node['params'] as SyntaxNode[]).map((each) => parameterOf(source, each));
  return `${text(name)}${text(node['typeParameters'])}(${parameters.join(', ')})${text(node['returnType'])};`;
}

/** A default makes a parameter optional. */
function parameterOf(source: string, node: SyntaxNode): string {
  if (node.type === 'ObjectPattern' && isNode(node['typeAnnotation'])) {
    return `options${source.slice(node['typeAnnotation'].start, node['typeAnnotation'].end)}`;
  }
  if (node.type !== 'AssignmentPattern') return source.slice(node.start, node.end);
  const left = node['left'] as SyntaxNode;
  const type = left['typeAnnotation'];
  const value = node['right'] as SyntaxNode;
  return `${String(left['name'] ?? 'options')}?${isNode(type) ? source.slice(type.start, type.end) : `: ${value.type === 'NumericLiteral' ? 'number' : 'unknown'}`}`;
}

/** A list of texts `as const`, whose type others are made of. */
function declareList(source: string, node: SyntaxNode): string | null {
  const [first] = node['declarations'] as SyntaxNode[];
  const value = first?.['init'];
  if (!first || !isNode(value) || value.type !== 'TSAsExpression') return null;
  const list = value['expression'] as SyntaxNode;
  return list.type === 'ArrayExpression'
    ? `export const ${String((first['id'] as SyntaxNode)['name'])}: readonly ${source.slice(list.start, list.end)};`
    : null;
}
