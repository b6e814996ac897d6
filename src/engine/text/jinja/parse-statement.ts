/** The statements of Jinja, with loop controls and the `generation` tag of `transformers`. */
import { JinjaError } from './errors.ts';
import { tokenize } from './lexer.ts';
import type { BlockNode, DataNode, Expression, ForNode, IfNode, MacroSignature, NameNode, Statement, Target } from './nodes.ts';
import { ExpressionParser } from './parse-expression.ts';
import { isSpace } from './space.ts';
import { TokenStream } from './token-stream.ts';

const CONSTANT_NAMES = ['true', 'false', 'none', 'True', 'False', 'None'];

/** @throws JinjaError TemplateSyntaxError, NotSupported, LimitExceeded */
export function parse(source: string): readonly Statement[] {
  return new StatementParser(new TokenStream(tokenize(source))).parseTemplate();
}

class StatementParser extends ExpressionParser {
  /** Tags that are open, outermost first. */
  readonly #tags: string[] = [];
  /** What would end each body that is open. */
  readonly #ends: string[][] = [];

  parseTemplate(): readonly Statement[] {
    const body = this.#body();
    if (!this.stream.is('eof')) this.#unknownTag(this.stream.current.value);
    return body;
  }

  /** Up to a block that begins with one of the names, which is left to the caller. */
  #body(...ends: string[]): Statement[] {
    const { stream } = this;
    const body: Statement[] = [];
    let output: (Expression | DataNode)[] = [];
    const flush = () => {
      if (output.length > 0) body.push({ type: 'Output', line: output[0]!.line, nodes: output });
      output = [];
    };
    if (ends.length > 0) this.#ends.push(ends);
    while (!stream.is('eof')) {
      const { type, value, line } = stream.take();
      if (type === 'data') output.push({ type: 'Data', line, text: value });
      else if (type === 'variable_begin') {
        output.push(this.parseTuple());
        stream.expect('variable_end');
      } else {
        flush();
        if (stream.isName(...ends)) break;
        body.push(...this.nested(() => this.#statement()));
        stream.expect('block_end');
      }
    }
    flush();
    if (ends.length > 0) this.#ends.pop();
    return body;
  }

  /** A body with the end of the tag before it, and a colon that Python programmers write. */
  #statements(...ends: string[]): Statement[] {
    this.stream.skipOperator(':');
    this.stream.expect('block_end');
    const body = this.#body(...ends);
    if (this.stream.is('eof')) {
      this.#ends.push(ends);
      this.#unknownTag(null);
    }
    return body;
  }

  #until(end: string): Statement[] {
    const body = this.#statements(end);
    this.stream.take();
    return body;
  }

  #statement(): Statement[] {
    const token = this.stream.current;
    if (token.type !== 'name') this.stream.fail('tag name expected');
    const parse = this.#tag(token.value);
    if (!parse) this.#unknownTag(token.value);
    this.#tags.push(token.value);
    this.stream.take();
    const statement = parse(token.line);
    this.#tags.pop();
    return [statement];
  }

  #tag(name: string): ((line: number) => Statement) | null {
    switch (name) {
      case 'for':
        return (line) => this.#for(line);
      case 'if':
        return (line) => this.#if(line);
      case 'set':
        return (line) => this.#set(line);
      case 'macro':
        return (line) => {
          const { name: macro } = this.#name();
          return { type: 'Macro', line, name: macro, ...this.#signature(), body: this.#until('endmacro') };
        };
      case 'call':
        return (line) => this.#callBlock(line);
      case 'filter':
        return (line) => {
          const filter = this.parseFilters(null, true)!;
          return { type: 'FilterBlock', line, body: this.#until('endfilter'), filter };
        };
      case 'with':
        return (line) => this.#with(line);
      case 'block':
        return (line) => this.#block(line);
      case 'print':
        return (line) => ({ type: 'Output', line, nodes: this.#expressions() });
      case 'autoescape':
        return (line) => ({ type: 'Autoescape', line, value: this.parseExpression(), body: this.#until('endautoescape') });
      case 'generation':
        return (line) => ({ type: 'Generation', line, body: this.#until('endgeneration') });
      case 'break':
        return (line) => ({ type: 'Break', line });
      case 'continue':
        return (line) => ({ type: 'Continue', line });
      case 'include':
      case 'import':
      case 'from':
      case 'extends':
        return (line) => this.#otherTemplate(name, line);
      default:
        return null;
    }
  }

  #for(line: number): ForNode {
    // As in Jinja, a comma before `in` makes a name of it.
    const target = this.#target();
    this.stream.expectName('in');
    const iter = this.parseTuple({ withCondition: false, end: 'recursive' });
    const test = this.stream.skipName('if') ? this.parseExpression() : null;
    const isRecursive = this.stream.skipName('recursive');
    const body = this.#statements('endfor', 'else');
    const otherwise = this.stream.take().value === 'else' ? this.#until('endfor') : [];
    return { type: 'For', line, target, iter, body, otherwise, test, isRecursive };
  }

  #if(line: number): IfNode {
    const branches: { test: Expression; body: Statement[] }[] = [];
    for (;;) {
      const test = this.parseTuple({ withCondition: false });
      branches.push({ test, body: this.#statements('elif', 'else', 'endif') });
      const { value } = this.stream.take();
      if (value === 'elif') continue;
      return { type: 'If', line, branches, otherwise: value === 'else' ? this.#until('endif') : [] };
    }
  }

  #set(line: number): Statement {
    const target = this.#target(undefined, true);
    if (this.stream.skipOperator('=')) return { type: 'Assign', line, target, value: this.parseTuple() };
    const filter = this.parseFilters(null);
    return { type: 'AssignBlock', line, target, filter, body: this.#until('endset') };
  }

  #callBlock(line: number): Statement {
    const signature = this.stream.isOperator('(') ? this.#signature() : { parameters: [], defaults: [] };
    const call = this.parseExpression();
    if (call.type !== 'Call') this.stream.fail('expected call', line);
    return { type: 'CallBlock', line, ...signature, call, body: this.#until('endcall') };
  }

  #with(line: number): Statement {
    const targets: Target[] = [];
    const values: Expression[] = [];
    while (!this.stream.is('block_end')) {
      if (targets.length > 0) this.stream.expectOperator(',');
      targets.push(this.#target());
      this.stream.expectOperator('=');
      values.push(this.parseExpression());
    }
    return { type: 'With', line, targets, values, body: this.#until('endwith') };
  }

  #block(line: number): BlockNode {
    const name = this.stream.expect('name').value;
    const isScoped = this.stream.skipName('scoped');
    const isRequired = this.stream.skipName('required');
    if (this.stream.isOperator('-')) {
      this.stream.fail('Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.');
    }
    const body = this.#until('endblock');
    const isBlank = (node: Expression | DataNode) => node.type === 'Data' && [...node.text].every(isSpace);
    if (isRequired && !body.every((each) => each.type === 'Output' && each.nodes.every(isBlank))) {
      this.stream.fail('Required blocks can only contain comments or whitespace');
    }
    this.stream.skipName(name);
    return { type: 'Block', line, name, body, isScoped, isRequired };
  }

  #expressions(): Expression[] {
    const nodes: Expression[] = [];
    while (!this.stream.is('block_end')) {
      if (nodes.length > 0) this.stream.expectOperator(',');
      nodes.push(this.parseExpression());
    }
    return nodes;
  }

  /** Parsed as Jinja does; there is no other template, so that running it is refused. */
  #otherTemplate(tag: string, line: number): Statement {
    const { stream } = this;
    const template = this.parseExpression();
    const targets: NameNode[] = [];
    const skipContext = () => {
      if (stream.isName('with', 'without') && stream.next.type === 'name' && stream.next.value === 'context') {
        stream.take();
        stream.take();
        return true;
      }
      return false;
    };
    if (tag === 'include' && stream.isName('ignore') && stream.next.value === 'missing') {
      stream.take();
      stream.take();
    }
    if (tag === 'import') {
      stream.expectName('as');
      targets.push(this.#name());
    }
    if (tag === 'from') {
      stream.expectName('import');
      do {
        if (skipContext()) break;
        const name = this.#name();
        if (name.name.startsWith('_')) stream.fail('names starting with an underline can not be imported', name.line);
        targets.push(stream.skipName('as') ? this.#name() : name);
      } while (!skipContext() && stream.skipOperator(','));
    } else if (tag !== 'extends') skipContext();
    return { type: 'OtherTemplate', line, tag, template, targets };
  }

  #signature(): MacroSignature {
    const parameters: NameNode[] = [];
    const defaults: Expression[] = [];
    this.stream.expectOperator('(');
    while (!this.stream.isOperator(')')) {
      if (parameters.length > 0) this.stream.expectOperator(',');
      const parameter = this.#name();
      if (parameters.some(({ name }) => name === parameter.name)) {
        this.stream.fail(`duplicate argument '${parameter.name}' in function definition`);
      }
      if (this.stream.skipOperator('=')) defaults.push(this.parseExpression());
      else if (defaults.length > 0) this.stream.fail('non-default argument follows default argument');
      parameters.push({ ...parameter, use: 'param' });
    }
    this.stream.expectOperator(')');
    return { parameters, defaults };
  }

  #name(): NameNode {
    const { value, line } = this.stream.expect('name');
    if (CONSTANT_NAMES.includes(value)) this.stream.fail("can't assign to 'name'", line);
    return { type: 'Name', line, name: value, use: 'store' };
  }

  #target(end?: string, withNamespace = false): Target {
    return this.#asTarget(this.parseTuple({ simplified: true, withNamespace, ...(end !== undefined && { end }) }));
  }

  #asTarget(node: Expression): Target {
    if (node.type === 'Name') return { ...node, use: 'store' };
    if (node.type === 'NSRef') return node;
    if (node.type === 'Tuple') return { ...node, items: node.items.map((item) => this.#asTarget(item)) };
    this.stream.fail(`can't assign to '${node.type.toLowerCase()}'`, node.line);
  }

  #unknownTag(name: string | null): never {
    const quote = (names: readonly string[]) => names.map((each) => `'${each}'`).join(' or ');
    const looking = this.#ends.at(-1);
    const parts = [name === null ? 'Unexpected end of template.' : `Encountered unknown tag '${name}'.`];
    if (looking && name !== null && this.#ends.flat().includes(name)) {
      parts.push(`You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for ${quote(looking)}.`);
    } else if (looking) parts.push(`Jinja was looking for the following tags: ${quote(looking)}.`);
    const open = this.#tags.at(-1);
    if (open !== undefined) parts.push(`The innermost block that needs to be closed is '${open}'.`);
    throw new JinjaError('TemplateSyntaxError', parts.join(' '), this.stream.current.line);
  }
}
