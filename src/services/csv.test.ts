import { expect, test } from 'vitest';
import { readCsv } from '../engine/workload/csv.ts';
import { csvOf } from './csv.ts';

test.each([
  ['=1+1', "'=1+1"],
  ['+SUM(A1)', "'+SUM(A1)"],
  ['-2+3', "'-2+3"],
  ['@cmd', "'@cmd"],
  ['\t=1', "'\t=1"],
  ['\r=1', `"'\r=1"`],
  ['\n=1', `"'\n=1"`],
  [' =1', "' =1"],
  ['＝1', "'＝1"],
  ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
  ['naive', 'naive'],
  ['a=b', 'a=b'],
  ['-5', '-5'],
  ['+1.5e-3', '+1.5e-3'],
  [-0.25, '-0.25'],
  [1e21, '1e+21'],
  [null, ''],
  [true, 'true'],
  [{ a: 1 }, '"{""a"":1}"'],
])('%j is written as %s', (value, written) => {
  expect(csvOf([[value]])).toBe(written);
});

test('what was written is read again', () => {
  const rows = [
    ['name', 'note'],
    ['a,b', 'say "x"\nand y'],
  ];
  expect(
    [
      ...readCsv(csvOf(rows), (line, message) => {
        throw new Error(`${line}: ${message}`);
      }),
    ].map(({ cells }) => cells),
  ).toEqual(rows);
});
