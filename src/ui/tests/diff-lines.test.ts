import { describe, expect, it } from 'vitest';
import { type DiffLine, diffLines, MOST_LINES, stretches } from './diff-lines.ts';
import { differences, lasting } from '../../contract/differences.ts';

const shape = (lines: readonly DiffLine[]) =>
  lines.map((line) =>
    line.kind === 'fold'
      ? `… ${line.text}`
      : line.kind === 'open'
        ? `${line.label}:${line.note ? ` (${line.note})` : ''}`
        : line.kind === 'equal'
          ? `= ${line.label} ${JSON.stringify(line.value)}`
          : `! ${line.label} ${JSON.stringify(line.expected)} → ${JSON.stringify(line.actual)}${line.note ? ` (${line.note})` : ''}`,
  );

describe('diffLines', () => {
  it('compares the keys given and folds the others', () =>
    expect(shape(diffLines({ a: 1, b: 'x' }, { a: 1, b: 'y', c: 0, d: 0 }, 0))).toEqual([
      '= a 1',
      '! b "x" → "y"',
      '… 2 fields not checked: c, d',
    ]));

  it('says how far a number is off', () =>
    expect(shape(diffLines({ p: 0.5, q: 0.5 }, { p: 0.50005, q: 0.6 }, 1e-3))).toEqual([
      '= p 0.50005',
      '! q 0.5 → 0.6 (off by 0.1, allowed 0.001)',
    ]));

  it('folds equal stretches of a long array around what differs', () => {
    const want = Array.from({ length: 100 }, (_, index) => index);
    const got = want.with(50, -1);
    expect(shape(diffLines({ ids: want }, { ids: got }, 0))).toEqual([
      'ids:',
      '… 48 equal items',
      '= 48 48',
      '= 49 49',
      '! 50 50 → -1',
      '= 51 51',
      '= 52 52',
      '… 47 equal items',
    ]);
  });

  it('tells lengths that differ, and what was not expected', () =>
    expect(shape(diffLines([1], [1, 2], 0))).toEqual(['[ ]: (expected 1 item, got 2)', '= 0 1', '! 1 undefined → 2 (not expected)']));

  it('tells what is missing', () => expect(shape(diffLines({ a: { b: 1 } }, { a: {} }, 0))).toEqual(['a:', '! b 1 → undefined (missing)']));

  it('ends', () => {
    const lines = diffLines(Array(5000).fill(0), Array(5000).fill(1), 0);
    expect(lines).toHaveLength(MOST_LINES + 1);
    expect(lines.at(-1)).toMatchObject({ kind: 'fold', text: '4,801 more lines' });
  });

  it('has no difference exactly where the case has none', () => {
    const expected = { a: [{ b: 1, c: null }], d: 'x' };
    for (const actual of [{ a: [{ b: 1, c: null, e: 2 }], d: 'x', f: 1 }, { a: [{ b: 1 }], d: 'x' }, { a: [], d: 'x' }, null, 'x']) {
      const shown = diffLines(expected, actual, 0).some(({ kind }) => kind === 'differs');
      expect(shown, JSON.stringify(actual)).toBe(differences(expected, actual, 0).length > 0);
    }
  });
});

describe('stretches', () => {
  it('does not fold what is short', () =>
    expect(stretches([false, true, true, true, true, true, false])).toEqual([{ from: 0, to: 7, folded: false }]));
  it('covers every item once', () => {
    const equal = Array.from({ length: 60 }, (_, index) => index % 17 !== 3);
    const parts = stretches(equal);
    expect(parts[0]?.from).toBe(0);
    expect(parts.at(-1)?.to).toBe(60);
    for (const [index, part] of parts.entries()) if (index > 0) expect(part.from).toBe(parts[index - 1]?.to);
  });
});

describe('differences', () => {
  it('escapes pointers', () => expect(differences({ 'a/b~c': 1 }, {}, 0)).toEqual([{ path: '/a~1b~0c', expected: 1, actual: undefined }]));
  it('does not take NaN for close', () => expect(differences(1, Number.NaN, 10)).toHaveLength(1));
  it('leaves out what differs from call to call', () =>
    expect(lasting({ id: 1, x: [{ duration_ms: 3, y: 2 }] })).toEqual({ x: [{ y: 2 }] }));
  it.each([
    ['application/jsonl', '{"index":0,"duration_ms":3}\n{"index":1,"duration_ms":4}', [{ index: 0 }, { index: 1 }]],
    ['application/jsonl', '', []],
    ['text/csv', 'index,duration_ms\n0,3\n1,4', ['index,duration_ms']],
  ])('leaves out what differs in files of %s', (media_type, content, left) =>
    expect(lasting({ artifacts: [{ name: 'runs', media_type, content }] })).toEqual({
      artifacts: [{ name: 'runs', media_type, content: left }],
    }),
  );
});
