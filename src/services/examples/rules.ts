/** Validation rules: CEL expressions (cel.dev) over an example's input and output. No `eval`, no side effects. */
import { messageOf } from '../../environment/thrown.ts';
import { Environment } from '@marcbachmann/cel-js';

/** `len` is the seed's name for CEL's `size`. */
const environment = new Environment({ unlistedVariablesAreDyn: true }).registerFunction('len(dyn): int', (value: unknown) =>
  BigInt(lengthOf(value)),
);

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
    return { name, expression, value: null, passed: false, error: messageOf(error) };
  }
}

function subjectOf(name: string, output: unknown): unknown {
  const fields = (output ?? {}) as Record<string, unknown>;
  if (name in fields) return fields[name];
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
