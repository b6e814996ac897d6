/** What Jinja's compiler refuses before anything runs: unknown filters and tests, blocks and loop controls out of place. */
import { JinjaError } from './errors.ts';
import { childrenOf, type Node, type Statement } from './nodes.ts';

interface Place {
  /** Within `if`, where an unknown filter is an error only when it is reached. */
  readonly isSoft: boolean;
  readonly isInLoop: boolean;
}

export interface Known {
  readonly filters: ReadonlySet<string>;
  readonly tests: ReadonlySet<string>;
}

/** @throws JinjaError TemplateSyntaxError */
export function check(body: readonly Statement[], known: Known): void {
  const blocks = new Set<string>();
  const fail = (message: string, { line }: Node): never => {
    throw new JinjaError('TemplateSyntaxError', message, line);
  };

  function visit(node: Node, place: Place): void {
    switch (node.type) {
      case 'Filter':
        if (!known.filters.has(node.name) && !place.isSoft) fail(`No filter named '${node.name}'.`, node);
        break;
      case 'Test':
        if (!known.tests.has(node.name) && !place.isSoft) fail(`No test named '${node.name}'.`, node);
        break;
      case 'Block':
        if (blocks.has(node.name)) fail(`block '${node.name}' defined twice`, node);
        blocks.add(node.name);
        break;
      case 'Break':
      case 'Continue':
        if (!place.isInLoop) fail(`'${node.type.toLowerCase()}' outside loop`, node);
        break;
      case 'Macro':
      case 'CallBlock': {
        const index = node.parameters.findIndex(({ name }) => name === 'caller');
        const hasDefault = index >= node.parameters.length - node.defaults.length;
        if (index >= 0 && !hasDefault && undeclared(node.body, ['caller']).size > 0) {
          fail('When defining macros or call blocks the special "caller" argument must be omitted or be given a default.', node);
        }
        break;
      }
      case 'For':
        if (storesLoop(node)) fail("Can't assign to special loop variable in for-loop target", node);
        visitFor(node, place);
        return;
      default:
    }
    const inner = insideOf(node, place);
    for (const child of childrenOf(node)) visit(child, isOutside(node, child) ? place : inner);
  }

  function visitFor(node: Node & { type: 'For' }, place: Place): void {
    const inner = { isSoft: false, isInLoop: true };
    visit(node.iter, node.isRecursive ? { ...place } : place);
    if (node.test) visit(node.test, { isSoft: false, isInLoop: place.isInLoop });
    for (const child of node.body) visit(child, inner);
    for (const child of node.otherwise) visit(child, { isSoft: false, isInLoop: node.isRecursive ? false : place.isInLoop });
  }

  for (const statement of body) visit(statement, { isSoft: false, isInLoop: false });
}

/** The place of what stands within a node: some begin a new frame, some a new function. */
function insideOf(node: Node, place: Place): Place {
  switch (node.type) {
    case 'If':
    case 'CondExpr':
      return { ...place, isSoft: true };
    case 'AssignBlock':
    case 'FilterBlock':
    case 'With':
    case 'Autoescape':
      return { ...place, isSoft: false };
    case 'Macro':
    case 'CallBlock':
    case 'Generation':
    case 'Block':
      return { isSoft: false, isInLoop: false };
    default:
      return place;
  }
}

/** Parts of a node that its frame does not hold. */
function isOutside(node: Node, child: Node): boolean {
  return (node.type === 'CallBlock' && child === node.call) || (node.type === 'With' && (node.values as readonly Node[]).includes(child));
}

function storesLoop(node: Node): boolean {
  for (const child of childrenOf(node)) {
    if ((child.type === 'Name' && child.use === 'store' && child.name === 'loop') || storesLoop(child)) return true;
  }
  return false;
}

/** Which of the names a body reads without setting them first. Blocks are left out: they have variables of their own. */
export function undeclared(body: readonly Node[], names: readonly string[]): Set<string> {
  const open = new Set(names);
  const found = new Set<string>();
  const visit = (node: Node): void => {
    if (node.type === 'Block') return;
    if (node.type === 'Name') {
      if (node.use === 'load' && open.has(node.name)) found.add(node.name);
      else open.delete(node.name);
    }
    for (const child of childrenOf(node)) visit(child);
  };
  for (const node of body) visit(node);
  return found;
}
