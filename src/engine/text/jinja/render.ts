/** Statements to text. */
import { JinjaError, notSupported, valueError } from './errors.ts';
import { Evaluator } from './evaluate.ts';
import { Namespace } from './globals.ts';
import { fromJson } from './json.ts';
import { Loop } from './loop.ts';
import { type Filled, Macro } from './macro.ts';
import {
  type BlockNode,
  type CallBlockNode,
  childrenOf,
  type Expression,
  type ForNode,
  type MacroNode,
  type Node,
  type Statement,
  type Target,
} from './nodes.ts';
import { print } from './repr.ts';
import { type PendingNames, pendingNames } from './frame-names.ts';
import { Scope } from './scope.ts';
import { isTrue, iterate } from './sequences.ts';
import { joinTexts } from './text-work.ts';
import { Callable, Dict, Iter, PyObject, Tuple, Undefined, type Value } from './values.ts';

/** How a body ended, where it was not at its end. */
type Ending = 'break' | 'continue' | null;

/** One rendering of a template. */
export class Renderer extends Evaluator {
  #output: string[] = [];
  #length = 0;
  readonly #top: Scope;
  readonly #blocks = new Map<string, BlockNode>();
  readonly #pending: PendingNames;

  constructor(body: readonly Statement[], variables: Readonly<Record<string, unknown>>, now: () => Date, maxSteps?: number) {
    super(now, maxSteps);
    const given = new Scope(null);
    for (const [name, value] of Object.entries(variables)) given.set(name, fromJson(value, this.budget));
    this.#pending = pendingOf(body);
    this.#top = this.#frame(body, given);
    this.#findBlocks(body);
    given.set('self', new BlockTable((name) => this.#blockFunction(name)));
  }

  /** @throws JinjaError with the line */
  render(body: readonly Statement[]): string {
    try {
      return this.#capture(() => void this.#run(body, this.#top));
    } catch (error) {
      throw this.#placed(error);
    }
  }

  /** @param key what opens it, as in `pendingNames` */
  #frame(key: object, outer: Scope): Scope {
    return new Scope(outer, this.#pending.get(key));
  }

  #placed(error: unknown): unknown {
    const isStackFull = error instanceof RangeError || (error instanceof Error && error.name === 'InternalError');
    const known = isStackFull ? new JinjaError('LimitExceeded', 'the template nests too deep.') : error;
    if (known instanceof JinjaError) known.line ??= this.line;
    return known;
  }

  #findBlocks(nodes: Iterable<Node>): void {
    for (const node of nodes) {
      if (node.type === 'Block') this.#blocks.set(node.name, node);
      this.#findBlocks(childrenOf(node));
    }
  }

  #write(text: string): void {
    this.#length += text.length;
    this.budget.grow(this.#length);
    this.#output.push(text);
  }

  /** What the work writes, kept from the output. */
  #capture(work: () => void): string {
    const [output, length] = [this.#output, this.#length];
    this.#output = [];
    this.#length = 0;
    try {
      work();
      this.budget.read(this.#length);
      return this.#output.join('');
    } finally {
      this.#output = output;
      this.#length = length;
    }
  }

  #run(body: readonly Statement[], scope: Scope): Ending {
    for (const statement of body) {
      const ending = this.#statement(statement, scope);
      if (ending) return ending;
    }
    return null;
  }

  #statement(node: Statement, scope: Scope): Ending {
    this.budget.step();
    this.line = node.line;
    switch (node.type) {
      case 'Output':
        for (const each of node.nodes) this.#write(each.type === 'Data' ? each.text : print(this.evaluateOutput(each, scope), this.budget));
        return null;
      case 'If': {
        const branch = node.branches.find(({ test }) => isTrue(this.evaluate(test, scope)));
        return this.#run(branch?.body ?? node.otherwise, scope);
      }
      case 'For':
        return this.#forStatement(node, scope);
      case 'Assign':
        this.#assign(node.target, this.evaluate(node.value, scope), scope);
        return null;
      case 'AssignBlock': {
        const inner = this.#frame(node, scope);
        let ending: Ending = null;
        const text = this.#capture(() => void (ending = this.#run(node.body, inner)));
        if (!ending) this.#assign(node.target, node.filter ? this.#filtered(node.filter, text, inner) : text, scope);
        return ending;
      }
      case 'FilterBlock': {
        const inner = this.#frame(node, scope);
        let ending: Ending = null;
        const text = this.#capture(() => void (ending = this.#run(node.body, inner)));
        if (!ending) this.#write(joinTexts('', [this.#filtered(node.filter, text, inner)], this.budget));
        return ending;
      }
      case 'With': {
        const inner = this.#frame(node, scope);
        for (const [index, target] of node.targets.entries()) this.#assign(target, this.evaluate(node.values[index]!, scope), inner);
        return this.#run(node.body, inner);
      }
      case 'Macro':
        scope.set(node.name, this.#macro(node.name, node, scope));
        return null;
      case 'CallBlock': {
        const caller = this.#macro(null, node, scope);
        const { positional, named } = this.arguments(node.call, scope);
        const callee = this.evaluate(node.call.node, scope);
        if (named.has('caller')) throw new JinjaError('TypeError', "got multiple values for keyword argument 'caller'");
        this.#write(joinTexts('', [this.call(callee, { positional, named: new Map([...named, ['caller', caller]]) })], this.budget));
        return null;
      }
      case 'Generation': {
        // A block of a call, to `transformers`, with nothing given.
        const inner = this.#frame(node, scope);
        inner.set('caller', new Undefined('No caller defined'));
        inner.set('kwargs', new Dict([], this.budget));
        inner.set('varargs', new Tuple([]));
        this.#run(node.body, inner);
        return null;
      }
      case 'Block':
        if (node.isRequired) throw new JinjaError('TemplateRuntimeError', `Required block '${node.name}' not found`);
        this.#write(this.#block(node, node.isScoped ? scope : this.#top));
        return null;
      case 'Autoescape':
        if (isTrue(this.evaluate(node.value, scope))) throw notSupported('{% autoescape true %}', node.line);
        return this.#run(node.body, this.#frame(node, scope));
      case 'OtherTemplate':
        throw notSupported(`{% ${node.tag} %}`, node.line);
      case 'Break':
        return 'break';
      case 'Continue':
        return 'continue';
    }
  }

  /** Through a chain of filters, the first of which has no value of its own. */
  #filtered(node: Expression, text: string, scope: Scope): Value {
    if (node.type !== 'Filter') return this.evaluate(node, scope);
    return this.filterWith(node, node.node ? this.#filtered(node.node, text, scope) : text, scope);
  }

  #assign(target: Target, value: Value, scope: Scope): void {
    if (target.type === 'Name') scope.set(target.name, value);
    else if (target.type === 'NSRef') {
      const namespace = this.variable(target.name, scope);
      if (!(namespace instanceof Namespace)) {
        throw new JinjaError('TemplateRuntimeError', 'cannot assign attribute on non-namespace object');
      }
      namespace.set(target.attribute, value);
    } else {
      const { items } = target;
      const values: Value[] = [];
      for (const item of iterate(value, this.budget)) {
        if (values.push(item) > items.length) throw valueError(`too many values to unpack (expected ${items.length})`);
      }
      if (values.length < items.length) {
        throw valueError(`not enough values to unpack (expected ${items.length}, got ${values.length})`);
      }
      for (const [index, item] of items.entries()) this.#assign(item as Target, values[index]!, scope);
    }
  }

  #forStatement(node: ForNode, scope: Scope): Ending {
    const items = this.evaluate(node.iter, scope);
    if (!node.isRecursive) return this.#for(node, items, scope, 0);
    const recursive = (inner: Value, depth: number): string =>
      this.budget.within(() => this.#capture(() => void this.#for(node, inner, scope, depth, recursive)));
    this.#write(recursive(items, 0));
    return null;
  }

  #for(node: ForNode, items: Value, scope: Scope, depth: number, recurse: ((items: Value, depth: number) => Value) | null = null): Ending {
    const loop = new Loop(node.test ? new Iter(this.#tested(node, items, scope)) : items, depth, recurse, this.budget);
    // As in Jinja, `else` runs where no turn came to its end.
    let isDone = false;
    for (let next = loop.advance(); next; next = loop.advance()) {
      const inner = this.#frame(node, scope);
      inner.set('loop', loop);
      this.#assign(node.target, next.item, inner);
      const ending = this.#run(node.body, inner);
      if (ending === 'break') break;
      if (ending === null) isDone = true;
    }
    return isDone || node.otherwise.length === 0 ? null : this.#run(node.otherwise, this.#frame(node.otherwise, scope));
  }

  /** The items that pass the test, each looked at when its turn comes. */
  *#tested(node: ForNode, items: Value, scope: Scope): Generator<Value> {
    for (const item of iterate(items, this.budget)) {
      const inner = new Scope(scope);
      this.#assign(node.target, item, inner);
      if (isTrue(this.evaluate(node.test!, inner))) yield item;
    }
  }

  #macro(name: string | null, node: MacroNode | CallBlockNode, scope: Scope): Macro {
    return new Macro(
      name,
      node,
      (filled) => this.budget.within(() => this.#capture(() => this.#runMacro(node, filled, this.#frame(node, scope)))),
      this.budget,
    );
  }

  #runMacro(node: MacroNode | CallBlockNode, filled: Filled, scope: Scope): void {
    const firstDefault = node.parameters.length - node.defaults.length;
    for (const [name, value] of filled) if (value !== undefined) scope.set(name, value);
    for (const [index, { name }] of node.parameters.entries()) {
      if (filled[index]![1] !== undefined) continue;
      const fallback = node.defaults[index - firstDefault];
      scope.set(name, fallback ? this.evaluate(fallback, scope) : new Undefined(`parameter '${name}' was not provided`));
    }
    this.#run(node.body, scope);
  }

  #block(node: BlockNode, outer: Scope): string {
    const scope = this.#frame(node, outer);
    scope.set('super', new Undefined(`there is no parent block called '${node.name}'.`));
    return this.budget.within(() => this.#capture(() => void this.#run(node.body, scope)));
  }

  #blockFunction(name: string): Value | undefined {
    const node = this.#blocks.get(name);
    return node && new Callable(name, () => this.#block(node, this.#top));
  }
}

const known = new WeakMap<object, PendingNames>();

/** Found once for each template. */
function pendingOf(body: readonly Statement[]): PendingNames {
  let pending = known.get(body);
  if (!pending) known.set(body, (pending = pendingNames(body)));
  return pending;
}

/** The variable `self`: the blocks of the template, to be called. */
class BlockTable extends PyObject {
  readonly typeName = 'TemplateReference';

  constructor(private readonly find: (name: string) => Value | undefined) {
    super();
  }

  override attribute(name: string): Value | undefined {
    return this.find(name);
  }
}
