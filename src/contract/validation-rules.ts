/** Validation rules: CEL expressions (cel.dev) over an example's input and output. No `eval`, no side effects. */
import { Environment, EvaluationError, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js';
import { z } from 'zod';
import { messageOf } from '../environment/thrown.ts';
import type { Endpoint } from './endpoint.ts';
import type { ErrorItem } from './errors.ts';
import { closest } from './known-names.ts';

/** Whole numbers that are counted or written, and numbers of the data, whole or not, go together; CEL by itself keeps them apart. */
const ARITHMETIC = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
  '%': (a: number, b: number) => a % b,
} as const;
const PAIRS = ['int, double', 'double, int', 'double, double'];

/** With `len`, by which Python calls CEL's `size`. */
function environmentOf(unlistedVariablesAreDyn: boolean): Environment {
  const environment = new Environment({ unlistedVariablesAreDyn }).registerFunction('len(dyn): int', (value: unknown) =>
    BigInt(lengthOf(value)),
  );
  for (const [operator, work] of Object.entries(ARITHMETIC))
    for (const pair of PAIRS) {
      // CEL has these.
      if (pair === 'double, double' && operator !== '%') continue;
      const [left, right] = pair.split(', ');
      environment.registerOperator(`${left} ${operator} ${right}`, (a: unknown, b: unknown) => work(Number(a), Number(b)));
    }
  return environment;
}

const environment = environmentOf(true);

export interface RuleResult {
  name: string;
  expression: string;
  value: unknown;
  passed: boolean;
  error?: string;
}

/**
 * Evaluates one rule. The input's fields stand by their names, besides `input` and `output`. An expression that gives a boolean passes
 * when it is true; any other value must equal the output field that the rule is named after, or that field's length for `<field>_length`.
 */
export function evaluateRule(name: string, expression: string, input: unknown, output: unknown): RuleResult {
  try {
    const scope = { ...(typeof input === 'object' ? input : {}), input, output };
    const value = plain(environment.evaluate(expression, scope));
    if (typeof value === 'boolean') return { name, expression, value, passed: value };
    return { name, expression, value, passed: value === subjectOf(name, output) };
  } catch (error) {
    return { name, expression, value: null, passed: false, error: faultText(error, Object.keys({ ...(input as object), input, output })) };
  }
}

/**
 * What is wrong with rules before anything is called: no expression, a name that nothing has, a value that nothing can be compared with.
 * The place of each is that of its rule, and its message says where in the expression.
 * @param input of the case: names beside those of the endpoint's fields
 */
export function ruleFaults(rules: Readonly<Record<string, unknown>>, { input: fields, output }: Endpoint, input: unknown): ErrorItem[] {
  const given = typeof input === 'object' && input !== null ? Object.keys(input) : [];
  const names = [...new Set([...Object.keys(fields.shape), ...given, 'input', 'output'])];
  const checking = environmentOf(false);
  for (const name of names) if (/^[A-Za-z_]\w*$/.test(name)) checking.registerVariable(name, 'dyn');
  const outputs = output instanceof z.ZodObject ? Object.keys(output.shape as object) : null;
  return Object.entries(rules).flatMap(([name, expression]): ErrorItem[] => {
    const fault = faultOfRule(name, expression, checking, names, outputs);
    return fault === null ? [] : [{ path: `/validation_rules/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, message: fault }];
  });
}

function faultOfRule(
  name: string,
  expression: unknown,
  checking: Environment,
  names: readonly string[],
  outputs: readonly string[] | null,
): string | null {
  if (typeof expression !== 'string') return 'must be an expression as a text, such as "len(text) + 2".';
  if (expression.trim() === '') return 'is an empty expression.';
  const { valid, type, error } = checking.check(expression);
  if (!valid) return faultText(error, names);
  // What gives true or false stands for itself; of what may be anything no more is known before the call.
  if (type === 'bool' || type === 'dyn' || outputs === null || outputs.includes(name)) return null;
  const field = name.endsWith('_length') ? name.slice(0, -'_length'.length) : name;
  if (field !== name && outputs.includes(field)) return null;
  const meant = closest(field, outputs);
  return `gives ${type === 'int' || type === 'double' ? 'a number' : `a ${type}`}, and no field of the output is called ${field}${meant === null ? '' : `; did you mean ${meant}${field === name ? '' : '_length'}?`} There are ${outputs.join(', ')}, each also with _length; or compare with == in the expression.`;
}

/** In words, with the place in the expression. */
function faultText(error: unknown, names: readonly string[]): string {
  if (!(error instanceof ParseError || error instanceof EvaluationError || error instanceof CelTypeError)) return messageOf(error);
  const at = error.range ? ` at character ${error.range.start + 1}` : '';
  const unknown = /^Unknown variable: (.+)$/.exec(error.summary)?.[1];
  if (unknown === undefined) return `${error.summary}${at}.`;
  const meant = closest(unknown, names);
  return `Unknown name ${unknown}${at}${meant === null ? '' : `; did you mean ${meant}?`}${meant === null ? '.' : ''} There are ${names.join(', ')}.`;
}

function subjectOf(name: string, output: unknown): unknown {
  const fields = (output ?? {}) as Record<string, unknown>;
  if (Object.hasOwn(fields, name)) return fields[name];
  if (name.endsWith('_length')) return lengthOf(fields[name.slice(0, -'_length'.length)]);
  throw new Error(`The rule gives no boolean and "${name}" is no field of the output to compare with.`);
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return [...value].length;
  if (Array.isArray(value)) return value.length;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length;
  throw new Error(`A ${typeof value} has no length.`);
}

const plain = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);
