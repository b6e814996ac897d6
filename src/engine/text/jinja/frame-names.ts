/** Which names belong to a frame of a template before anything runs, as Jinja's compiler decides it: a name that a frame sets is its own, and not there until then. */
import { childrenOf, type Node, type Statement } from './nodes.ts';

/** Names that a frame sets before it reads them, by the node (of an `else`, the list of statements) that opens the frame. */
export type PendingNames = ReadonlyMap<object, ReadonlySet<string>>;

/** What the body of a macro or of a call may find. */
const SPECIAL = ['caller', 'kwargs', 'varargs'];

/** What is known of a frame's names on the way through it. */
class Frame {
  /** Names that have a place here, and whether they are not there at first. */
  readonly names = new Map<string, 'pending' | 'there'>();
  readonly stored = new Set<string>();

  constructor(readonly outer: Frame | null) {}

  knows(name: string): boolean {
    return this.names.has(name) || (this.outer?.knows(name) ?? false);
  }

  load(name: string): void {
    if (!this.knows(name)) this.names.set(name, 'there');
  }

  store(name: string): void {
    this.stored.add(name);
    if (this.names.has(name)) return;
    this.names.set(name, this.outer?.knows(name) ? 'there' : 'pending');
  }

  declare(name: string): void {
    this.stored.add(name);
    this.names.set(name, 'there');
  }

  copy(): Frame {
    const copy = new Frame(this.outer);
    for (const [name, state] of this.names) copy.names.set(name, state);
    for (const name of this.stored) copy.stored.add(name);
    return copy;
  }

  /** What branches set stays pending where each of them sets it. */
  merge(branches: readonly Frame[]): void {
    const fresh = branches.flatMap(({ stored }) => [...stored].filter((name) => !this.stored.has(name)));
    for (const { names } of branches) for (const [name, state] of names) this.names.set(name, state);
    for (const name of fresh) {
      this.stored.add(name);
      if (branches.some(({ stored }) => !stored.has(name))) this.names.set(name, 'there');
    }
  }
}

/** @returns frames without such names are left out */
export function pendingNames(body: readonly Statement[]): PendingNames {
  const found = new Map<object, ReadonlySet<string>>();

  /**
   * Looks through a frame, and then through those within it, which know all of its names.
   * @param later parameters, which are filled in one after the other
   */
  function frame(
    key: object,
    outer: Frame | null,
    declared: readonly string[],
    nodes: readonly Node[],
    later: readonly string[] = [],
  ): void {
    const own = new Frame(outer);
    for (const name of declared) own.declare(name);
    const inner: (() => void)[] = [];
    for (const node of nodes) visit(node, own, own, inner);
    const pending = [...later, ...[...own.names].flatMap(([name, state]) => (state === 'pending' ? [name] : []))];
    if (pending.length > 0) found.set(key, new Set(pending));
    for (const open of inner) open();
  }

  /**
   * @param at what is known at this place: within a branch a copy
   * @param own the frame that those within it see, once it is looked through
   */
  function visit(node: Node, at: Frame, own: Frame, inner: (() => void)[]): void {
    const each = (nodes: readonly Node[], where = at) => nodes.forEach((child) => visit(child, where, own, inner));
    switch (node.type) {
      case 'Name':
        if (node.use === 'load') at.load(node.name);
        else if (node.use === 'store') at.store(node.name);
        else at.declare(node.name);
        return;
      case 'NSRef':
        at.load(node.name);
        return;
      case 'If': {
        const [first, ...others] = node.branches;
        each([first!.test]);
        // Those of `elif` count as one, and each counts where there is none.
        const branches = [first!.body, others.flatMap(({ test, body: of }) => [test, ...of]), node.otherwise].map((nodes) => {
          const branch = at.copy();
          each(nodes, branch);
          return branch;
        });
        at.merge(branches);
        return;
      }
      case 'Assign':
        each([node.value, node.target]);
        return;
      case 'AssignBlock':
        each([node.target]);
        inner.push(() => frame(node, own, [], [...(node.filter ? [node.filter] : []), ...node.body]));
        return;
      case 'FilterBlock':
        each([node.filter]);
        inner.push(() => frame(node, own, [], node.body));
        return;
      case 'For':
        each([node.iter]);
        inner.push(() => {
          const names = namesOf(node.target);
          frame(node, own, ['loop', ...names], node.body);
          frame(node.otherwise, own, [], node.otherwise);
        });
        return;
      case 'With':
        each(node.values);
        inner.push(() => frame(node, own, node.targets.flatMap(namesOf), node.body));
        return;
      case 'Macro':
      case 'CallBlock': {
        if (node.type === 'Macro') at.store(node.name);
        else each([node.call, ...node.defaults]);
        const parameters = node.parameters.map(({ name }) => name);
        inner.push(() => frame(node, own, [...SPECIAL, ...parameters], [...node.defaults, ...node.body], parameters));
        return;
      }
      case 'Generation':
        inner.push(() => frame(node, own, SPECIAL, node.body));
        return;
      case 'Autoescape':
        inner.push(() => frame(node, own, [], node.body));
        return;
      case 'Block':
        inner.push(() => frame(node, null, [], node.body));
        return;
      default:
        each([...childrenOf(node)]);
    }
  }

  frame(body, null, [], body);
  return found;
}

const namesOf = (target: Node): string[] =>
  target.type === 'Name' ? [target.name] : target.type === 'Tuple' ? target.items.flatMap(namesOf) : [];
