/** Erases TypeScript's types and leaves spaces in their place: the JavaScript has the length and the lines of what the user wrote. */
import { childrenOf, invalidCode, isNode, positionOf, type SyntaxNode } from './syntax.ts';

/** Whole statements and class members that mean nothing at run time. */
const ERASED = new Set([
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSDeclareFunction',
  'TSDeclareMethod',
  'TSIndexSignature',
  'TSNamespaceExportDeclaration',
]);
/** Parts of other nodes that do; a type annotation begins with its colon. */
const TYPE_PARTS = new Set(['TSTypeAnnotation', 'TSTypeParameterDeclaration', 'TSTypeParameterInstantiation']);
/** What would have to be compiled instead of erased. */
const NOT_ERASABLE: Record<string, string> = {
  TSEnumDeclaration: 'An enum has code of its own and cannot be erased; write an object with `as const`.',
  TSModuleDeclaration: 'A namespace has code of its own and cannot be erased; write an object.',
  TSParameterProperty: 'A parameter property has code of its own and cannot be erased; declare the field and assign it.',
  TSImportEqualsDeclaration: '`import … = require()` cannot be erased.',
  TSExportAssignment: '`export =` cannot be erased.',
};
const CLASS_MEMBERS = new Set(['ClassProperty', 'ClassPrivateProperty', 'ClassMethod', 'ClassPrivateMethod', 'ClassAccessorProperty']);
const MODIFIERS = /\b(?:public|private|protected|readonly|override|abstract)\b/g;
/** A line that begins with one of these goes on with the line before it, unless something ends that one. */
const CONTINUES = /^[^\S\n]*(?:\/\/[^\n]*)?\n\s*[([`]/;

/**
 * @param program the tree of `source`
 * @throws ApiError code_invalid for what is TypeScript and has code of its own
 */
export function eraseTypes(source: string, program: SyntaxNode, name: string): string {
  const out = source.split('');
  erase(program);
  return out.join('');

  function erase(node: SyntaxNode): void {
    const { type } = node;
    if (ERASED.has(type) || node['declare'] === true || (CLASS_MEMBERS.has(type) && node['abstract'] === true)) return blankStatement(node);
    if (TYPE_PARTS.has(type)) return blank(node.start, node.end);
    const refused = NOT_ERASABLE[type];
    if (refused) throw invalidCode(name, [{ position: positionOf(node), message: refused }]);
    if (type === 'ImportDeclaration' && node['importKind'] === 'type') return blankStatement(node);
    if (type === 'ExportNamedDeclaration' || type === 'ExportDefaultDeclaration') {
      const { declaration } = node;
      if (node['exportKind'] === 'type' || (isNode(declaration) && (ERASED.has(declaration.type) || declaration['declare'] === true)))
        return blankStatement(node);
    } else if (type === 'ImportSpecifier' || type === 'ExportSpecifier') {
      if (node['importKind'] === 'type' || node['exportKind'] === 'type') return blankWithComma(node.start, node.end);
    } else if (type === 'TSAsExpression' || type === 'TSSatisfiesExpression') return eraseAssertion(node);
    else if (type === 'TSNonNullExpression') {
      const expression = node['expression'] as SyntaxNode;
      erase(expression);
      return blank(expression.end, node.end);
    } else if (type === 'TSTypeAssertion') {
      const expression = node['expression'] as SyntaxNode;
      blank(node.start, expression.start);
      return erase(expression);
    } else if (type === 'Identifier' && node['optional'] === true) blankMark('?', node.start + String(node['name']).length, node.end);
    else if (type === 'VariableDeclarator' && node['definite'] === true) {
      const id = node['id'] as SyntaxNode;
      blankMark('!', id.start + String(id['name']).length, id.end);
    } else if (type === 'ClassDeclaration' || type === 'ClassExpression') eraseClauses(node);
    else if (CLASS_MEMBERS.has(type)) eraseModifiers(node);
    else if (type === 'ArrowFunctionExpression') keepArrowOnItsLine(node);
    if (Array.isArray(node['params'])) eraseThis(node['params'] as SyntaxNode[]);
    for (const child of childrenOf(node)) erase(child);
  }

  function blank(start: number, end: number): void {
    for (let i = start; i < end; i++) if (!/[\n\r\u2028\u2029]/.test(source[i]!)) out[i] = ' ';
  }

  /** The semicolon keeps the lines around it apart, where the user left that to the engine. */
  function blankStatement({ start, end }: SyntaxNode): void {
    blank(start, end);
    out[start] = ';';
  }

  function blankWithComma(start: number, end: number): void {
    blank(start, end);
    const comma = indexOf(',', end, source.length);
    if (comma >= 0 && withoutComments(end, comma).trim() === '') blank(comma, comma + 1);
  }

  function eraseAssertion(node: SyntaxNode): void {
    const expression = node['expression'] as SyntaxNode;
    erase(expression);
    blank(expression.end, node.end);
    if (CONTINUES.test(source.slice(node.end))) out[node.end - 1] = ';';
  }

  /** `implements …` and `abstract` of a class. */
  function eraseClauses(node: SyntaxNode): void {
    const body = node['body'] as SyntaxNode;
    if (node['abstract'] === true) blankWord('abstract', node.start, body.start);
    const implemented = node['implements'] as SyntaxNode[] | undefined;
    if (!implemented?.[0]) return;
    const before = ['superTypeParameters', 'superClass', 'typeParameters', 'id'].map((field) => node[field]).find(isNode);
    blankWord('implements', before?.end ?? node.start, implemented[0].start);
    blank(implemented[0].start, implemented.at(-1)!.end);
    node['implements'] = [];
  }

  function eraseModifiers(node: SyntaxNode): void {
    const key = node['key'] as SyntaxNode;
    const head = withoutComments(node.start, key.start);
    for (const { 0: word, index } of head.matchAll(MODIFIERS)) {
      blank(node.start + index, node.start + index + word.length);
      if (index === 0 && (node['computed'] === true || node['generator'] === true)) out[node.start] = ';';
    }
    const annotation = node['typeAnnotation'];
    const value = node['value'];
    const end = isNode(annotation) ? annotation.start : isNode(value) ? value.start : node.end;
    if (node['optional'] === true) blankMark('?', key.end, end);
    if (node['definite'] === true) blankMark('!', key.end, end);
  }

  /** Between an arrow's parameters and `=>` there may be no line break; a type over several lines leaves one, so the parenthesis moves. */
  function keepArrowOnItsLine({ returnType, typeParameters, async, start }: SyntaxNode): void {
    if (isNode(returnType) && /[\n\r]/.test(source.slice(returnType.start, returnType.end))) {
      blank(returnType.start, returnType.end);
      out[source.lastIndexOf(')', returnType.start)] = ' ';
      out[returnType.end - 1] = ')';
      returnType.start = returnType.end;
    }
    if (async === true && isNode(typeParameters) && /[\n\r]/.test(source.slice(start, typeParameters.end))) {
      blank(typeParameters.start, typeParameters.end);
      out[typeParameters.start] = '(';
      out[indexOf('(', typeParameters.end, source.length)] = ' ';
      typeParameters.start = typeParameters.end;
    }
  }

  /** `this` as a first parameter is a type only. */
  function eraseThis([first]: SyntaxNode[]): void {
    if (first?.type === 'Identifier' && first['name'] === 'this') blankWithComma(first.start, first.end);
  }

  function blankMark(mark: string, from: number, to: number): void {
    const at = indexOf(mark, from, to);
    if (at >= 0) blank(at, at + 1);
  }

  function blankWord(word: string, from: number, to: number): void {
    const at = new RegExp(`\\b${word}\\b`).exec(withoutComments(from, to))?.index;
    if (at !== undefined) blank(from + at, from + at + word.length);
  }

  function indexOf(mark: string, from: number, to: number): number {
    const at = withoutComments(from, to).indexOf(mark);
    return at < 0 ? -1 : from + at;
  }

  /** The source with spaces for comments, so that what is looked for is code. */
  function withoutComments(from: number, to: number): string {
    return source.slice(from, to).replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (comment) => ' '.repeat(comment.length));
  }
}
