/** Python begins from a memory that was kept: all that must be its own is its own. */
import { expect, test } from 'vitest';
import { newPython } from './load-pyodide.ts';

test('two interpreters share neither values nor random numbers', async () => {
  const [one, other] = await Promise.all([newPython(), newPython()]);
  const draw = 'import random, uuid\nx = globals().get("x", 0) + 1\n[x, random.random(), str(uuid.uuid4())]';
  const drawn = (python: typeof one) => (python.runPython(draw) as { toJs(): [number, number, string] }).toJs();
  const [a, b, again] = [drawn(one), drawn(other), drawn(one)];
  expect([a[0], b[0], again[0]]).toEqual([1, 1, 2]);
  expect(new Set([a[1], b[1], again[1]]).size).toBe(3);
  expect(a[2]).not.toBe(b[2]);
});

test('what it has imported already and what it has not are both there', async () => {
  const python = await newPython();
  const source = 'import glassbox, json, csv, decimal, statistics, zoneinfo\n[glassbox.Client.__name__, str(decimal.Decimal("0.1"))]';
  expect((python.runPython(source) as { toJs(): unknown }).toJs()).toEqual(['Client', '0.1']);
});
