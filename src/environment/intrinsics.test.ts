/** Whatever of the language is changed is named and put back, and nothing else is said. */
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { Intrinsics } from './intrinsics.ts';

type Realm = typeof globalThis;
/** A realm of its own, so that what is broken here breaks nothing else. */
const realm = () => runInNewContext('globalThis') as Realm & Record<string, unknown>;

const changes: [name: string, change: string][] = [
  ['Array.prototype.push', 'Array.prototype.push = () => 0'],
  ['Array.prototype.last', 'Array.prototype.last = () => 0'],
  ['Object.prototype.polluted', 'Object.prototype.polluted = 1'],
  ['Math.random', 'Math.random = () => 0.5'],
  ['JSON.parse', 'delete JSON.parse'],
  ['Promise.prototype.then', 'Promise.prototype.then = null'],
  ['Map.prototype.size', "Object.defineProperty(Map.prototype, 'size', { get: () => 0 })"],
  ['Array.prototype.Symbol(Symbol.iterator)', 'Array.prototype[Symbol.iterator] = function* () {}'],
  ['%ArrayIteratorPrototype%.next', 'Object.getPrototypeOf([][Symbol.iterator]()).next = () => ({ done: true })'],
  ['%TypedArray%.prototype.set', 'Object.getPrototypeOf(Uint8Array.prototype).set = () => {}'],
  ['Float32Array', 'Float32Array = class {}'],
  ['parseInt', 'globalThis.parseInt = () => 0'],
  ['Reflect.ownKeys', 'Reflect.ownKeys = () => []'],
  ['Object.getOwnPropertyDescriptor', 'Object.getOwnPropertyDescriptor = () => undefined'],
  ['the prototype of Array.prototype', 'Object.setPrototypeOf(Array.prototype, null)'],
];

test.each(changes)('%s', (name, change) => {
  const scope = realm();
  const intrinsics = new Intrinsics(scope);
  expect(intrinsics.restore()).toEqual([]);
  (scope.eval as (source: string) => unknown)(change);
  expect(intrinsics.restore()).toEqual([name]);
  expect(intrinsics.restore(), 'it was put back').toEqual([]);
  expect((scope.eval as (source: string) => unknown)('[...[3, 1]].concat(JSON.parse("[2]")).sort().join()')).toBe('1,2,3');
});

test('what code defines for itself, and how long stacks are, is its own affair', () => {
  const scope = realm();
  const intrinsics = new Intrinsics(scope);
  (scope.eval as (source: string) => unknown)('globalThis.mine = 1; class Queue extends Array { last() {} }; Error.stackTraceLimit = 99;');
  expect(intrinsics.restore()).toEqual([]);
});
