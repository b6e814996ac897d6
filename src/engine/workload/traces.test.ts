/** Traces as people have them: rows out of order, offsets, quotes, line ends; and what is wrong is named by line and column. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseTimestamp } from './timestamp.ts';
import { parseAzureTrace, parseMooncakeTrace } from './traces.ts';
import { promptLength } from './workload.ts';

const refusal = (parse: () => unknown): unknown => {
  try {
    return parse();
  } catch (error) {
    return error;
  }
};
const named = (line: number, message: RegExp) =>
  expect.objectContaining({ name: 'TraceError', line, message: expect.stringMatching(message) as string });
const HEADER = 'TIMESTAMP,ContextTokens,GeneratedTokens\n';
const rowsOf = (csv: string) => parseAzureTrace(csv).requests.map((r) => [r.arrivalMs, promptLength(r), r.outputLength]);
const line = (fields: object) => JSON.stringify({ timestamp: 0, input_length: 3, output_length: 1, ...fields });

describe('timestamps', () => {
  const cases = JSON.parse(readFileSync('fixtures/traces/timestamps.json', 'utf8')) as [string, string | null][];

  test.each(cases)('%j is what pandas says', (text, nanoseconds) => {
    const time = parseTimestamp(text);
    if (nanoseconds === null) expect(time).toBeNull();
    else expect(Number(BigInt(time!.ms) * 1_000_000n - BigInt(nanoseconds)) + time!.fractionMs * 1e6).toBeCloseTo(0, 0);
  });

  test.each(['05/10/2024 00:00:04', '10 May 2024', 'now', '2024-05-10 12:00:04 AM', '0050-01-01'])('%j is not guessed at', (text) =>
    expect(parseTimestamp(text)).toBeNull(),
  );
});

describe('Azure’s layout', () => {
  test('rows of 2024, in any order, count from the earliest', () => {
    const rows = ['2024-05-10 00:00:04+00:00,10,1', '2024-05-10 02:00:00.009930+02:00,20,2', '2024-05-10T00:00:01.5Z,30,3'];
    const [first, second, third] = rowsOf(HEADER + rows.join('\n'));
    expect([first!.slice(1), second!.slice(1), third!.slice(1)]).toEqual([
      [20, 2],
      [30, 3],
      [10, 1],
    ]);
    expect(first![0]).toBe(0);
    expect(second![0]).toBeCloseTo(1490.07, 6);
    expect(third![0]).toBeCloseTo(3990.07, 6);
  });

  test('rows of one moment keep their order', () => {
    const rows = [5, 4, 3, 2, 1].map((tokens) => `2024-05-10,${tokens},1`);
    expect(rowsOf(HEADER + rows.join('\n')).map(([, tokens]) => tokens)).toEqual([5, 4, 3, 2, 1]);
  });

  test.each([
    ['quotes', '"TIMESTAMP","ContextTokens","GeneratedTokens"\n"2024-05-10","7","2"\n'],
    ['a byte order mark and CRLF', '\ufeffTIMESTAMP,ContextTokens,GeneratedTokens\r\n2024-05-10,7,2\r\n'],
    ['other columns, in another order', 'GeneratedTokens, note ,TIMESTAMP,ContextTokens\n2,"a, ""b""\nc",2024-05-10,7\n'],
    ['floats and spaces', 'TIMESTAMP , ContextTokens , GeneratedTokens\n\n 2024-05-10 , 7.0 , "2" \n,,\n'],
    ['old line ends', 'TIMESTAMP,ContextTokens,GeneratedTokens\r2024-05-10,7,2\r'],
    ['no line end', `${HEADER}2024-05-10,7,2`],
  ])('takes %s', (_, csv) => expect(rowsOf(csv)).toEqual([[0, 7, 2]]));

  test.each<[string, number, RegExp]>([
    ['', 1, /columns TIMESTAMP, ContextTokens, GeneratedTokens; got nothing/],
    ['a,b\n', 1, /got a, b/],
    [`${HEADER}2024-05-10,1,1\n\nyesterday,1,1`, 4, /TIMESTAMP must be .*2024-05-10.*; got "yesterday"/],
    [`${HEADER}2024-05-10,many,1`, 2, /ContextTokens must be .*got "many"/],
    [`${HEADER}2024-05-10,1`, 2, /GeneratedTokens must be .*got ""/],
    [`${HEADER}2024-05-10,-1,1`, 2, /ContextTokens/],
    [`${HEADER}2024-05-10,0x10,1`, 2, /ContextTokens/],
    [`${HEADER}2024-05-10,1.5,1`, 2, /ContextTokens/],
    [`${HEADER}2024-05-10,1,99999999999`, 2, /GeneratedTokens/],
    [`${HEADER}"2024-05-10,1,1\n`, 2, /does not end/],
    [`${HEADER}"2024-05-10"x,1,1\n`, 2, /whole cell/],
    [`${HEADER}2024-05-10,1"2",1\n`, 2, /whole cell/],
    [`${HEADER}"x\ny",1,1\n`, 2, /TIMESTAMP/],
    [`${HEADER}2024-05-10,1,1,"x\ny"\nnever,1,1`, 4, /TIMESTAMP/],
  ])('%j is refused', (csv, lineNumber, message) => expect(refusal(() => parseAzureTrace(csv))).toEqual(named(lineNumber, message)));

  test('a quote that never closes is found out at once', () => {
    const csv = `${HEADER}"${'x'.repeat(5_000_000)}`;
    expect(refusal(() => parseAzureTrace(csv))).toEqual(named(2, /does not end/));
  });
});

describe('Mooncake’s layout', () => {
  test('lines in any order count from the earliest', () => {
    const lines = [line({ timestamp: 10000 }), line({ timestamp: 0, input_length: 4 }), line({ timestamp: 2500.5 })];
    const { requests } = parseMooncakeTrace(`\ufeff${lines.join('\r\n')}\n`);
    expect(requests.map((r) => [r.arrivalMs, promptLength(r)])).toEqual([
      [0, 4],
      [2500.5, 3],
      [10000, 3],
    ]);
  });

  test('any two hashes differ, however large, and from the tokens of no hash', () => {
    const ids = [7, 7 + 2 ** 32, 0x40000000, -1, Number.MAX_SAFE_INTEGER];
    const lines = [line({ input_length: 512 * 6, hash_ids: ids }), line({ input_length: 512 * 6, hash_ids: ids })];
    const [one, two] = parseMooncakeTrace(lines.join('\n')).requests.map(({ segments }) => segments.map(({ hash }) => hash));
    expect(two!.slice(0, 5)).toEqual(one!.slice(0, 5));
    expect(new Set([...one!, ...two!]).size).toBe(7);
  });

  test.each<[string, number, RegExp]>([
    [`${line({})}\nnot json`, 2, /no JSON object/],
    ['[1]', 1, /no JSON object/],
    [line({ timestamp: null }), 1, /timestamp must be a number.*got null/],
    [line({ timestamp: '5' }), 1, /timestamp.*got "5"/],
    [line({ timestamp: undefined }), 1, /timestamp.*got nothing/],
    [line({ input_length: -3 }), 1, /input_length/],
    [line({ input_length: 1e12 }), 1, /input_length/],
    [line({ input_length: [5] }), 1, /input_length/],
    [line({ output_length: undefined }), 1, /output_length.*got nothing/],
    [line({ output_length: true }), 1, /output_length/],
    [line({ hash_ids: 5 }), 1, /hash_ids must be a list.*got 5/],
    [line({ hash_ids: [1, 'a'] }), 1, /hash_ids.*got "a" at 1/],
    ['{"timestamp":0,"input_length":1,"output_length":1,"hash_ids":[9007199254740993]}', 1, /hash_ids/],
  ])('%s is refused', (text, lineNumber, message) => expect(refusal(() => parseMooncakeTrace(text))).toEqual(named(lineNumber, message)));
});
