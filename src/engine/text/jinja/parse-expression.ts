/** The expressions of Jinja, by recursive descent with its precedences: `if`, `or`, `and`, `not`, comparison, `+ -`, `~`, `* / // %`, `**`, unary. */
import type { BinaryOperator, CallArguments, CallNode, CompareOperator, Expression, FilterNode, Keyword, TupleNode } from './nodes.ts';
import { limitExceeded, MAX_CHAIN, MAX_DIGITS, MAX_NESTING } from './limits.ts';
import { describeToken, TokenStream } from './token-stream.ts';

const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='];
const CONSTANTS: Readonly<Record<string, boolean | null>> = { true: true, True: true, false: false, False: false, none: null, None: null };

interface TupleOptions {
  /** Names and literals only, as targets are. */
  simplified?: boolean;
  withCondition?: boolean;
  /** A name that ends it. */
  end?: string;
  inParentheses?: boolean;
  withNamespace?: boolean;
}

export class ExpressionParser {
  #depth = 0;

  constructor(protected readonly stream: TokenStream) {}

  /** Work one level deeper. */
  protected nested<T>(work: () => T): T {
    if (this.#depth >= MAX_NESTING) throw this.#tooMuch(`expressions or blocks within one another more than ${MAX_NESTING} deep.`);
    this.#depth++;
    const result = work();
    this.#depth--;
    return result;
  }

  /** Called once for each link of a chain such as `a + b + c`. */
  #link(count: number): void {
    if (count > MAX_CHAIN) throw this.#tooMuch(`more than ${MAX_CHAIN} operators, calls or filters in a row.`);
  }

  #tooMuch(message: string) {
    const error = limitExceeded(message);
    error.line = this.stream.current.line;
    return error;
  }

  parseExpression(withCondition = true): Expression {
    return this.nested(() => (withCondition ? this.#conditional() : this.#or()));
  }

  #conditional(): Expression {
    let { line } = this.stream.current;
    let chosen = this.#or();
    for (let count = 0; this.stream.skipName('if'); this.#link(++count)) {
      const test = this.#or();
      const otherwise = this.stream.skipName('else') ? this.nested(() => this.#conditional()) : null;
      chosen = { type: 'CondExpr', line, test, chosen, otherwise };
      ({ line } = this.stream.current);
    }
    return chosen;
  }

  #or(): Expression {
    let { line } = this.stream.current;
    let left = this.#and();
    for (let count = 0; this.stream.skipName('or'); this.#link(++count)) {
      left = { type: 'Or', line, left, right: this.#and() };
      ({ line } = this.stream.current);
    }
    return left;
  }

  #and(): Expression {
    let { line } = this.stream.current;
    let left = this.#not();
    for (let count = 0; this.stream.skipName('and'); this.#link(++count)) {
      left = { type: 'And', line, left, right: this.#not() };
      ({ line } = this.stream.current);
    }
    return left;
  }

  #not(): Expression {
    const { line } = this.stream.current;
    if (!this.stream.skipName('not')) return this.#compare();
    return { type: 'Not', line, node: this.nested(() => this.#not()) };
  }

  #compare(): Expression {
    let { line } = this.stream.current;
    const first = this.#sum();
    const rest: { operator: CompareOperator; node: Expression }[] = [];
    for (;;) {
      let operator: string | null = null;
      if (this.stream.isOperator(...COMPARISONS)) operator = this.stream.take().value;
      else if (this.stream.skipName('in')) operator = 'in';
      else if (this.stream.isName('not') && this.stream.next.type === 'name' && this.stream.next.value === 'in') {
        this.stream.take();
        this.stream.take();
        operator = 'not in';
      }
      if (operator === null) break;
      rest.push({ operator: operator as CompareOperator, node: this.#sum() });
      ({ line } = this.stream.current);
    }
    return rest.length === 0 ? first : { type: 'Compare', line, first, rest };
  }

  #binary(operators: BinaryOperator[], operand: () => Expression): Expression {
    let { line } = this.stream.current;
    let left = operand();
    for (let count = 0; this.stream.isOperator(...operators); this.#link(++count)) {
      const operator = this.stream.take().value as BinaryOperator;
      left = { type: 'Binary', line, operator, left, right: operand() };
      ({ line } = this.stream.current);
    }
    return left;
  }

  #sum(): Expression {
    return this.#binary(['+', '-'], () => this.#concat());
  }

  #concat(): Expression {
    const { line } = this.stream.current;
    const items = [this.#product()];
    while (this.stream.skipOperator('~')) items.push(this.#product());
    return items.length === 1 ? items[0]! : { type: 'Concat', line, items };
  }

  #product(): Expression {
    return this.#binary(['*', '/', '//', '%'], () => this.#power());
  }

  /** From left to right, unlike Python. */
  #power(): Expression {
    return this.#binary(['**'], () => this.#unary(true));
  }

  #unary(withFilter: boolean): Expression {
    const { line } = this.stream.current;
    let node: Expression;
    if (this.stream.isOperator('-', '+')) {
      const operator = this.stream.take().value as '-' | '+';
      node = { type: 'Unary', line, operator, node: this.nested(() => this.#unary(false)) };
    } else {
      node = this.parsePrimary();
    }
    node = this.#postfix(node);
    return withFilter ? this.#filters(node) : node;
  }

  protected parsePrimary(withNamespace = false): Expression {
    const token = this.stream.current;
    const { line, value } = token;
    switch (token.type) {
      case 'name':
        this.stream.take();
        if (Object.hasOwn(CONSTANTS, value)) return { type: 'Const', line, value: CONSTANTS[value]! };
        if (withNamespace && this.stream.skipOperator('.')) {
          return { type: 'NSRef', line, name: value, attribute: this.stream.expect('name').value };
        }
        return { type: 'Name', line, name: value, use: 'load' };
      case 'string': {
        let text = '';
        while (this.stream.is('string')) text += this.stream.take().value;
        return { type: 'Const', line, value: text };
      }
      case 'integer':
        this.stream.take();
        if (value.length > MAX_DIGITS) this.stream.fail(`an integer of more than ${MAX_DIGITS} digits`, line);
        return { type: 'Const', line, value: BigInt(value.replaceAll('_', '').replace(/^0+(?=\d)/, '')) };
      case 'float': {
        this.stream.take();
        const number = Number(value.replaceAll('_', ''));
        if (!Number.isFinite(number)) this.stream.fail(`the number ${value} is too large`, line);
        return { type: 'Const', line, value: number };
      }
      default:
    }
    if (this.stream.skipOperator('(')) {
      const node = this.nested(() => this.parseTuple({ inParentheses: true }));
      this.stream.expectOperator(')');
      return node;
    }
    if (this.stream.isOperator('[')) return this.#list();
    if (this.stream.isOperator('{')) return this.#dict();
    this.stream.fail(`unexpected '${describeToken(token)}'`, line);
  }

  /** One expression, or several between commas. */
  protected parseTuple({ simplified, withCondition = true, end, inParentheses, withNamespace }: TupleOptions = {}): Expression {
    let { line } = this.stream.current;
    const items: Expression[] = [];
    let isTuple = false;
    const isEnd = () =>
      this.stream.is('variable_end') ||
      this.stream.is('block_end') ||
      this.stream.isOperator(')') ||
      (end !== undefined && this.stream.isName(end));
    for (;;) {
      if (items.length > 0) this.stream.expectOperator(',');
      if (isEnd()) break;
      items.push(simplified ? this.nested(() => this.parsePrimary(withNamespace)) : this.parseExpression(withCondition));
      if (!this.stream.isOperator(',')) break;
      isTuple = true;
      ({ line } = this.stream.current);
    }
    if (!isTuple) {
      if (items[0]) return items[0];
      if (!inParentheses) this.stream.fail(`Expected an expression, got '${describeToken(this.stream.current)}'`);
    }
    return { type: 'Tuple', line, items } satisfies TupleNode;
  }

  /** What stands between brackets and commas; a comma may end it. */
  #items<T>(open: string, close: string, item: () => T): T[] {
    this.stream.expectOperator(open);
    const items: T[] = [];
    while (!this.stream.isOperator(close)) {
      if (items.length > 0) this.stream.expectOperator(',');
      if (this.stream.isOperator(close)) break;
      items.push(item());
    }
    this.stream.expectOperator(close);
    return items;
  }

  #list(): Expression {
    const { line } = this.stream.current;
    return { type: 'List', line, items: this.#items('[', ']', () => this.parseExpression()) };
  }

  #dict(): Expression {
    const { line } = this.stream.current;
    const items = this.#items('{', '}', () => {
      const key = this.parseExpression();
      this.stream.expectOperator(':');
      return { key, value: this.parseExpression() };
    });
    return { type: 'Dict', line, items };
  }

  #postfix(start: Expression): Expression {
    let node = start;
    for (let count = 1; ; this.#link(++count)) {
      if (this.stream.isOperator('.', '[')) node = this.#subscript(node);
      else if (this.stream.isOperator('(')) node = this.#call(node);
      else return node;
    }
  }

  #filters(start: Expression): Expression {
    let node = start;
    for (let count = 1; ; this.#link(++count)) {
      if (this.stream.isOperator('|')) node = this.parseFilters(node)!;
      else if (this.stream.isName('is')) node = this.#test(node);
      else if (this.stream.isOperator('(')) node = this.#call(node);
      else return node;
    }
  }

  #subscript(node: Expression): Expression {
    const { line, value } = this.stream.take();
    if (value === '.') {
      const attribute = this.stream.take();
      if (attribute.type === 'name') return { type: 'Getattr', line, node, attribute: attribute.value };
      if (attribute.type !== 'integer') this.stream.fail('expected name or number', attribute.line);
      const argument: Expression = { type: 'Const', line: attribute.line, value: BigInt(attribute.value.replaceAll('_', '')) };
      return { type: 'Getitem', line, node, argument };
    }
    const items: Expression[] = [];
    while (!this.stream.isOperator(']')) {
      if (items.length > 0) this.stream.expectOperator(',');
      items.push(this.#subscribed());
    }
    this.stream.expectOperator(']');
    if (items.length > 1 && items.some(({ type }) => type === 'Slice')) this.stream.fail('invalid syntax for a slice', line);
    const argument: Expression = items.length === 1 ? items[0]! : { type: 'Tuple', line, items };
    return { type: 'Getitem', line, node, argument };
  }

  #subscribed(): Expression {
    const { line } = this.stream.current;
    const isEnd = () => this.stream.isOperator(']', ',');
    let start: Expression | null = null;
    if (!this.stream.isOperator(':')) {
      start = this.parseExpression();
      if (!this.stream.isOperator(':')) return start;
    }
    this.stream.take();
    const stop = this.stream.isOperator(':') || isEnd() ? null : this.parseExpression();
    const step = this.stream.skipOperator(':') && !isEnd() ? this.parseExpression() : null;
    return { type: 'Slice', line, start, stop, step };
  }

  #call(node: Expression): CallNode {
    const { line } = this.stream.current;
    return { type: 'Call', line, node, ...this.#callArguments() };
  }

  #callArguments(): CallArguments {
    const { line } = this.stream.expectOperator('(');
    const args: Expression[] = [];
    const kwargs: Keyword[] = [];
    let dynArgs: Expression | null = null;
    let dynKwargs: Expression | null = null;
    const ensure = (condition: boolean) => {
      if (!condition) this.stream.fail('invalid syntax for function call expression', line);
    };
    for (let isFirst = true; !this.stream.isOperator(')'); isFirst = false) {
      if (!isFirst) {
        this.stream.expectOperator(',');
        if (this.stream.isOperator(')')) break;
      }
      if (this.stream.skipOperator('*')) {
        ensure(dynArgs === null && dynKwargs === null);
        dynArgs = this.parseExpression();
      } else if (this.stream.skipOperator('**')) {
        ensure(dynKwargs === null);
        dynKwargs = this.parseExpression();
      } else if (this.stream.is('name') && this.stream.next.type === 'operator' && this.stream.next.value === '=') {
        ensure(dynKwargs === null);
        const key = this.stream.take().value;
        this.stream.take();
        if (kwargs.some((other) => other.key === key)) this.stream.fail(`keyword argument repeated: ${key}`);
        kwargs.push({ key, value: this.parseExpression() });
      } else {
        ensure(dynArgs === null && dynKwargs === null && kwargs.length === 0);
        args.push(this.parseExpression());
      }
    }
    this.stream.expectOperator(')');
    return { args, kwargs, dynArgs, dynKwargs };
  }

  #dottedName(): string {
    let { value } = this.stream.expect('name');
    while (this.stream.skipOperator('.')) value += `.${this.stream.expect('name').value}`;
    return value;
  }

  /** @param startInline the first one stands without `|` */
  protected parseFilters(start: Expression | null, startInline = false): Expression | null {
    let node = start;
    for (let count = 0; this.stream.isOperator('|') || (startInline && count === 0); this.#link(++count)) {
      if (!(startInline && count === 0)) this.stream.take();
      const { line } = this.stream.current;
      const name = this.#dottedName();
      const args = this.stream.isOperator('(') ? this.#callArguments() : { args: [], kwargs: [], dynArgs: null, dynKwargs: null };
      node = { type: 'Filter', line, node, name, ...args } satisfies FilterNode;
    }
    return node;
  }

  #test(node: Expression): Expression {
    const { line } = this.stream.take();
    const isNegated = this.stream.skipName('not');
    const name = this.#dottedName();
    let call: CallArguments = { args: [], kwargs: [], dynArgs: null, dynKwargs: null };
    if (this.stream.isOperator('(')) call = this.#callArguments();
    else if (this.#beginsArgument()) {
      if (this.stream.isName('is')) this.stream.fail('You cannot chain multiple tests with is');
      call = { ...call, args: [this.nested(() => this.#postfix(this.parsePrimary()))] };
    }
    const test: Expression = { type: 'Test', line, node, name, ...call };
    return isNegated ? { type: 'Not', line, node: test } : test;
  }

  /** Whether a test without parentheses has an argument here. */
  #beginsArgument(): boolean {
    const { type } = this.stream.current;
    if (type === 'operator') return this.stream.isOperator('[', '{');
    return ['name', 'string', 'integer', 'float'].includes(type) && !this.stream.isName('else', 'or', 'and');
  }
}
