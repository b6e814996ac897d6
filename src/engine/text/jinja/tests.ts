/** The tests of `is`. */
import { Signature } from './arguments.ts';
import { equals, type Order, ordered } from './compare.ts';
import { notSupported } from './errors.ts';
import { FILTERS } from './filters/index.ts';
import { isLower, isUpper } from './letter-case.ts';
import { binary } from './operators.ts';
import { print } from './repr.ts';
import type { Runtime } from './runtime.ts';
import { contains, isSequence, iteratorOf } from './sequences.ts';
import { type Arguments, Callable, Dict, isNumber, keyOf, Markup, textOf, Undefined, type Value } from './values.ts';

type Test = (value: Value, args: Arguments, runtime: Runtime) => boolean;

function test(parameters: string, work: (value: Value, other: Value, runtime: Runtime) => boolean): Test {
  const signature = new Signature('test', parameters);
  return (value, args, runtime) => work(value, signature.bind(args)[0] ?? null, runtime);
}

const alone = (work: (value: Value, runtime: Runtime) => boolean) => test('', (value, _, runtime) => work(value, runtime));
const against = (work: (value: Value, other: Value, runtime: Runtime) => boolean, name = 'other') => test(name, work);
const order = (operator: Order) => against((value, other, { budget }) => ordered(operator, value, other, budget), 'other /');
const equal = against((value, other, { budget }) => equals(value, other, budget), 'other /');
const unequal = against((value, other, { budget }) => !equals(value, other, budget), 'other /');

const restIs = (value: Value, divisor: Value, rest: bigint, { budget }: Runtime) =>
  equals(binary('%', value, divisor, budget), rest, budget);

/** `is` of Python. Of equal texts and numbers it depends on the interpreter whether they are one object. */
function isSame(value: Value, other: Value, { budget }: Runtime): boolean {
  if (typeof value === 'boolean' || value === null || typeof other === 'boolean' || other === null) return value === other;
  if (typeof value !== typeof other) return false;
  if (typeof value === 'object') return value === other;
  if (Number.isNaN(value) && Number.isNaN(other)) throw notSupported('the test sameas between two nan');
  if (!equals(value, other, budget)) return false;
  const isShared =
    typeof value === 'bigint' ? value >= -5n && value <= 256n : typeof value === 'string' && value.length < 2 && value < '\u0100';
  if (!isShared) throw notSupported('the test sameas between equal texts or numbers');
  return true;
}

export const TESTS: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['odd', alone((value, runtime) => restIs(value, 2n, 1n, runtime))],
  ['even', alone((value, runtime) => restIs(value, 2n, 0n, runtime))],
  ['divisibleby', against((value, other, runtime) => restIs(value, other, 0n, runtime), 'num')],
  ['defined', alone((value) => !(value instanceof Undefined))],
  ['undefined', alone((value) => value instanceof Undefined)],
  ['filter', alone((value, { budget }) => FILTERS.has(keyOf(value, budget) as string))],
  ['test', alone((value, { budget }) => TESTS.has(keyOf(value, budget) as string))],
  ['none', alone((value) => value === null)],
  ['boolean', alone((value) => typeof value === 'boolean')],
  ['false', alone((value) => value === false)],
  ['true', alone((value) => value === true)],
  ['integer', alone((value) => typeof value === 'bigint')],
  ['float', alone((value) => typeof value === 'number')],
  ['lower', alone((value, { budget }) => isLower(print(value, budget)))],
  ['upper', alone((value, { budget }) => isUpper(print(value, budget)))],
  ['string', alone((value) => textOf(value) !== null)],
  ['mapping', alone((value) => value instanceof Dict)],
  ['number', alone(isNumber)],
  ['sequence', alone((value) => isSequence(value) || value instanceof Undefined)],
  ['iterable', alone((value) => iteratorOf(value) !== null)],
  ['callable', alone((value) => value instanceof Callable || value instanceof Undefined)],
  ['sameas', against(isSame)],
  ['escaped', alone((value) => value instanceof Markup)],
  ['in', against((value, other, { budget }) => contains(other, value, budget), 'seq')],
  ...['==', 'eq', 'equalto'].map((name): [string, Test] => [name, equal]),
  ...['!=', 'ne'].map((name): [string, Test] => [name, unequal]),
  ...['>', 'gt', 'greaterthan'].map((name): [string, Test] => [name, order('>')]),
  ...['ge', '>='].map((name): [string, Test] => [name, order('>=')]),
  ...['<', 'lt', 'lessthan'].map((name): [string, Test] => [name, order('<')]),
  ...['<=', 'le'].map((name): [string, Test] => [name, order('<=')]),
]);
