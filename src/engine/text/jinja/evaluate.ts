/** Expressions to values. */
import { equals, ordered } from './compare.ts';
import { isOf, JinjaError, typeError } from './errors.ts';
import { FILTERS } from './filters/index.ts';
import { globalsOf } from './globals.ts';
import { Budget } from './limits.ts';
import { call, getAttribute, getItem } from './members.ts';
import { type CallArguments, childrenOf, type CompareOperator, type Expression, type FilterNode, type Node } from './nodes.ts';
import { binary, concatenate, unary } from './operators.ts';
import { withPaidTexts } from './paid-texts.ts';
import { print } from './repr.ts';
import type { Runtime } from './runtime.ts';
import { NOT_SET, type Scope } from './scope.ts';
import { contains, isTrue, toList } from './sequences.ts';
import { slice } from './slices.ts';
import { TESTS } from './tests.ts';
import { type Arguments, Dict, textOf, Tuple, typeName, Undefined, type Value } from './values.ts';

export class Evaluator implements Runtime {
  readonly budget: Budget;
  /** Where the rendering is, for messages. */
  protected line = 1;
  #isFolding = false;
  readonly #globals: ReadonlyMap<string, Value>;

  constructor(
    readonly now: () => Date,
    maxSteps?: number,
  ) {
    this.budget = new Budget(maxSteps);
    this.#globals = globalsOf(this);
  }

  evaluate(node: Expression, scope: Scope): Value {
    this.budget.step();
    this.line = node.line;
    switch (node.type) {
      case 'Const':
        return node.value;
      case 'Name':
        this.#requireRun();
        return this.variable(node.name, scope);
      case 'Getattr':
        return getAttribute(this.evaluate(node.node, scope), node.attribute, this);
      case 'Getitem':
        return this.#item(node.node, node.argument, scope);
      case 'Filter':
        this.#requireRun(!WITH_CONTEXT.includes(node.name));
        return this.filterWith(node, this.evaluate(node.node!, scope), scope);
      case 'Test':
        return this.test(node.name, this.evaluate(node.node, scope), this.arguments(node, scope));
      case 'Call':
        this.#requireRun();
        return this.call(this.evaluate(node.node, scope), this.arguments(node, scope));
      case 'Concat':
        return concatenate(
          node.items.map((item) => print(this.evaluate(item, scope), this.budget)),
          this.budget,
        );
      case 'Binary':
        return binary(node.operator, this.evaluate(node.left, scope), this.evaluate(node.right, scope), this.budget);
      case 'Unary':
        return unary(node.operator, this.evaluate(node.node, scope));
      case 'Not':
        return !isTrue(this.evaluate(node.node, scope));
      case 'And': {
        const left = this.evaluate(node.left, scope);
        return isTrue(left) ? this.evaluate(node.right, scope) : left;
      }
      case 'Or': {
        const left = this.evaluate(node.left, scope);
        return isTrue(left) ? left : this.evaluate(node.right, scope);
      }
      case 'Compare':
        return this.#compare(node, scope);
      case 'CondExpr':
        if (isTrue(this.evaluate(node.test, scope))) return this.evaluate(node.chosen, scope);
        if (node.otherwise) return this.evaluate(node.otherwise, scope);
        this.#requireRun();
        return new Undefined(`the inline if-expression on line ${node.line} evaluated to false and no else section was defined.`);
      case 'List':
        return node.items.map((item) => this.evaluate(item, scope));
      case 'Tuple':
        return new Tuple(node.items.map((item) => this.evaluate(item, scope)));
      case 'Dict':
        this.budget.entries(node.items.length);
        return new Dict(
          node.items.map(({ key, value }) => [this.evaluate(key, scope), this.evaluate(value, scope)] as const),
          this.budget,
        );
      case 'Slice':
      case 'NSRef':
        throw new JinjaError('TemplateSyntaxError', `a ${node.type} can't stand alone`);
    }
  }

  protected variable(name: string, scope: Scope): Value {
    const value = scope.get(name);
    if (value !== undefined && value !== NOT_SET) return value;
    return (value === NOT_SET ? undefined : this.#globals.get(name)) ?? new Undefined(`'${name}' is undefined`);
  }

  #item(of: Expression, argument: Expression, scope: Scope): Value {
    const value = this.evaluate(of, scope);
    if (argument.type !== 'Slice') return getItem(value, this.evaluate(argument, scope), this);
    const bound = (node: Expression | null) => node && this.evaluate(node, scope);
    const bounds = { start: bound(argument.start), stop: bound(argument.stop), step: bound(argument.step) };
    try {
      return slice(value, bounds, this.budget);
    } catch (error) {
      if (this.#isFolding && isOf(error, 'TypeError')) return new Undefined(`a ${typeName(value)} has no such slice`);
      throw error;
    }
  }

  /**
   * An expression that is printed. One of constants alone Jinja computes before it runs, and then takes slices by way of the lookup
   * that finds nothing where Python raises.
   */
  protected evaluateOutput(node: Expression, scope: Scope): Value {
    if (!hasSlice(node)) return this.evaluate(node, scope);
    this.#isFolding = true;
    try {
      return this.evaluate(node, scope);
    } catch (error) {
      if (!(error instanceof JinjaError) || error.type === 'LimitExceeded') throw error;
    } finally {
      this.#isFolding = false;
    }
    return this.evaluate(node, scope);
  }

  /** For what is not known before the template runs. */
  #requireRun(isKnown = false): void {
    if (this.#isFolding && !isKnown) throw new JinjaError('TemplateRuntimeError', 'is no constant');
  }

  #compare({ first, rest }: Expression & { type: 'Compare' }, scope: Scope): boolean {
    let left = this.evaluate(first, scope);
    for (const { operator, node } of rest) {
      const right = this.evaluate(node, scope);
      if (!this.#holds(operator, left, right)) return false;
      left = right;
    }
    return true;
  }

  #holds(operator: CompareOperator, left: Value, right: Value): boolean {
    switch (operator) {
      case '==':
        return equals(left, right, this.budget);
      case '!=':
        return !equals(left, right, this.budget);
      case 'in':
        return contains(right, left, this.budget);
      case 'not in':
        return !contains(right, left, this.budget);
      default:
        return ordered(operator, left, right, this.budget);
    }
  }

  protected arguments({ args, kwargs, dynArgs, dynKwargs }: CallArguments, scope: Scope): Arguments {
    const positional = args.map((arg) => this.evaluate(arg, scope));
    const named = new Map(kwargs.map(({ key, value }) => [key, this.evaluate(value, scope)] as const));
    if (dynArgs) positional.push(...toList(this.evaluate(dynArgs, scope), this.budget));
    if (dynKwargs) {
      const more = this.evaluate(dynKwargs, scope);
      if (!(more instanceof Dict)) throw typeError(`argument after ** must be a mapping, not ${typeName(more)}`);
      this.budget.each(more.size);
      for (const [key, value] of more.entries()) {
        const name = textOf(key);
        if (name === null) throw typeError('keywords must be strings');
        if (named.has(name)) throw typeError(`got multiple values for keyword argument '${name}'`);
        named.set(name, value);
      }
    }
    return { positional, named };
  }

  protected filterWith(node: FilterNode, value: Value, scope: Scope): Value {
    const args = this.arguments(node, scope);
    this.line = node.line;
    return this.filter(node.name, value, args);
  }

  call(callee: Value, args: Arguments): Value {
    return call(callee, args);
  }

  filter(name: string, value: Value, args: Arguments): Value {
    this.budget.step();
    const filter = FILTERS.get(name);
    if (!filter) throw new JinjaError('TemplateRuntimeError', `No filter named '${name}' found.`);
    return withPaidTexts(value, args, this.budget, () => filter(value, args, this));
  }

  test(name: string, value: Value, args: Arguments): boolean {
    this.budget.step();
    const test = TESTS.get(name);
    if (!test) throw new JinjaError('TemplateRuntimeError', `No test named '${name}' found.`);
    return withPaidTexts(value, args, this.budget, () => test(value, args, this));
  }
}

/** Filters that ask for the variables, and so for a template that runs. */
const WITH_CONTEXT = ['map', 'select', 'reject', 'selectattr', 'rejectattr', 'random'];
const slices = new WeakMap<Node, boolean>();

function hasSlice(node: Node): boolean {
  let known = slices.get(node);
  if (known === undefined) slices.set(node, (known = node.type === 'Slice' || [...childrenOf(node)].some(hasSlice)));
  return known;
}
