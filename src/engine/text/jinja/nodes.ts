/** The syntax tree of a template: Jinja's own nodes, fields in its order, which is the order in which they are looked through. */
import type { Value } from './values.ts';

interface At {
  readonly line: number;
}

export interface Keyword {
  readonly key: string;
  readonly value: Expression;
}

export interface CallArguments {
  readonly args: readonly Expression[];
  readonly kwargs: readonly Keyword[];
  readonly dynArgs: Expression | null;
  readonly dynKwargs: Expression | null;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

export interface NameNode extends At {
  readonly type: 'Name';
  readonly name: string;
  /** `param`: of a macro, of `with`. */
  readonly use: 'load' | 'store' | 'param';
}
export interface NamespaceRef extends At {
  readonly type: 'NSRef';
  readonly name: string;
  readonly attribute: string;
}
export interface TupleNode extends At {
  readonly type: 'Tuple';
  readonly items: readonly Expression[];
}
export interface CallNode extends At, CallArguments {
  readonly type: 'Call';
  readonly node: Expression;
}
export interface FilterNode extends At, CallArguments {
  readonly type: 'Filter';
  /** Null in a filter block: what the block renders. */
  readonly node: Expression | null;
  readonly name: string;
}
export interface TestNode extends At, CallArguments {
  readonly type: 'Test';
  readonly node: Expression;
  readonly name: string;
}
export interface SliceNode extends At {
  readonly type: 'Slice';
  readonly start: Expression | null;
  readonly stop: Expression | null;
  readonly step: Expression | null;
}

export type Expression =
  | NameNode
  | NamespaceRef
  | TupleNode
  | CallNode
  | FilterNode
  | TestNode
  | SliceNode
  | (At & { readonly type: 'Const'; readonly value: Value })
  | (At & { readonly type: 'List'; readonly items: readonly Expression[] })
  | (At & { readonly type: 'Dict'; readonly items: readonly { readonly key: Expression; readonly value: Expression }[] })
  | (At & { readonly type: 'CondExpr'; readonly test: Expression; readonly chosen: Expression; readonly otherwise: Expression | null })
  | (At & { readonly type: 'And' | 'Or'; readonly left: Expression; readonly right: Expression })
  | (At & { readonly type: 'Not'; readonly node: Expression })
  | (At & { readonly type: 'Unary'; readonly operator: '+' | '-'; readonly node: Expression })
  | (At & { readonly type: 'Binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression })
  | (At & { readonly type: 'Concat'; readonly items: readonly Expression[] })
  | (At & {
      readonly type: 'Compare';
      readonly first: Expression;
      readonly rest: readonly { readonly operator: CompareOperator; readonly node: Expression }[];
    })
  | (At & { readonly type: 'Getattr'; readonly node: Expression; readonly attribute: string })
  | (At & { readonly type: 'Getitem'; readonly node: Expression; readonly argument: Expression });

/** What can be assigned to. */
export type Target = NameNode | NamespaceRef | TupleNode;

export interface MacroSignature {
  readonly parameters: readonly NameNode[];
  /** Of the last parameters. */
  readonly defaults: readonly Expression[];
}

export interface ForNode extends At {
  readonly type: 'For';
  readonly target: Target;
  readonly iter: Expression;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
  readonly test: Expression | null;
  readonly isRecursive: boolean;
}
export interface IfNode extends At {
  readonly type: 'If';
  readonly branches: readonly { readonly test: Expression; readonly body: readonly Statement[] }[];
  readonly otherwise: readonly Statement[];
}
export interface MacroNode extends At, MacroSignature {
  readonly type: 'Macro';
  readonly name: string;
  readonly body: readonly Statement[];
}
export interface CallBlockNode extends At, MacroSignature {
  readonly type: 'CallBlock';
  readonly call: CallNode;
  readonly body: readonly Statement[];
}
export interface BlockNode extends At {
  readonly type: 'Block';
  readonly name: string;
  readonly body: readonly Statement[];
  readonly isScoped: boolean;
  readonly isRequired: boolean;
}

export type Statement =
  | ForNode
  | IfNode
  | MacroNode
  | CallBlockNode
  | BlockNode
  | (At & { readonly type: 'Output'; readonly nodes: readonly (Expression | DataNode)[] })
  | (At & { readonly type: 'Assign'; readonly target: Target; readonly value: Expression })
  | (At & {
      readonly type: 'AssignBlock';
      readonly target: Target;
      readonly filter: Expression | null;
      readonly body: readonly Statement[];
    })
  | (At & { readonly type: 'FilterBlock'; readonly body: readonly Statement[]; readonly filter: Expression })
  | (At & {
      readonly type: 'With';
      readonly targets: readonly Target[];
      readonly values: readonly Expression[];
      readonly body: readonly Statement[];
    })
  | (At & { readonly type: 'Autoescape'; readonly value: Expression; readonly body: readonly Statement[] })
  | (At & { readonly type: 'Generation'; readonly body: readonly Statement[] })
  /** Of another template: `include`, `import`, `from`, `extends`. */
  | (At & { readonly type: 'OtherTemplate'; readonly tag: string; readonly template: Expression; readonly targets: readonly NameNode[] })
  | (At & { readonly type: 'Break' | 'Continue' });

export interface DataNode extends At {
  readonly type: 'Data';
  readonly text: string;
}

export type Node = Expression | Statement | DataNode;

/** The nodes right below one, in Jinja's order. */
export function* childrenOf(node: object): Generator<Node> {
  for (const field of Object.values(node) as unknown[]) {
    if (typeof field !== 'object' || field === null) continue;
    if (Array.isArray(field)) {
      for (const item of field as unknown[]) {
        if (typeof item !== 'object' || item === null) continue;
        // Pairs, keywords and branches are no nodes of their own here.
        if ('type' in item) yield item as Node;
        else yield* childrenOf(item);
      }
    } else if ('type' in field) yield field as Node;
  }
}
