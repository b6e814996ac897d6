/** Recorded workloads: the layouts of the Azure LLM inference traces (CSV) and of Mooncake's (JSON lines with prefix hashes). */
import { readCsv } from './csv.ts';
import { msBetween, parseTimestamp, type Timestamp, TIMESTAMP_FORM } from './timestamp.ts';
import type { Segment, Workload, WorkloadRequest } from './workload.ts';

/** Tokens that one of Mooncake's hashes stands for. */
const MOONCAKE_BLOCK_TOKENS = 512;
/** More in one request is no trace of a language model. */
const MOST_TOKENS = 2 ** 24;

/** A line of a trace that cannot be read. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
  constructor(
    /** 1 for the first line. */
    readonly line: number,
    message: string,
  ) {
    super(`Line ${line}: ${message}`);
  }
}

const AZURE_COLUMNS = ['TIMESTAMP', 'ContextTokens', 'GeneratedTokens'] as const;

/**
 * The columns TIMESTAMP, ContextTokens and GeneratedTokens among any others, the rows in any order. Prompts share nothing, and have at
 * least one token. Throws a `TraceError` that names line and column.
 */
export function parseAzureTrace(csv: string, name = 'azure'): Workload {
  const rows = readCsv(csv, (line, message) => {
    throw new TraceError(line, message);
  });
  const header = rows.next().value;
  const places = AZURE_COLUMNS.map((column) => header?.cells.indexOf(column) ?? -1);
  if (!header || places.includes(-1)) {
    throw new TraceError(
      header?.line ?? 1,
      `expected the columns ${AZURE_COLUMNS.join(', ')}; got ${header?.cells.join(', ') ?? 'nothing'}.`,
    );
  }
  const requests: (WorkloadRequest & { time: Timestamp })[] = [];
  for (const { line, cells } of rows) {
    const [time = '', context = '', generated = ''] = places.map((place) => cells[place]);
    const timestamp = parseTimestamp(time);
    if (!timestamp) throw new TraceError(line, `TIMESTAMP must be ${TIMESTAMP_FORM}; got "${time}".`);
    requests.push({
      time: timestamp,
      arrivalMs: 0,
      segments: [{ hash: requests.length, length: tokenCount(written(context), context, 'ContextTokens', line) }],
      outputLength: tokenCount(written(generated), generated, 'GeneratedTokens', line),
    });
  }
  requests.sort((a, b) => msBetween(b.time, a.time));
  const first = requests[0]?.time;
  return { name, requests: requests.map(({ time, ...request }) => ({ ...request, arrivalMs: msBetween(first!, time) })), closedLoop: null };
}

/**
 * One `{"timestamp": ms, "input_length": …, "output_length": …, "hash_ids": […]}` a line, in any order; each hash stands for 512 tokens,
 * and a prompt longer than its hashes goes on with tokens of its own. Throws a `TraceError` that names line and column.
 */
export function parseMooncakeTrace(jsonLines: string, name = 'mooncake'): Workload {
  const requests: WorkloadRequest[] = [];
  // Hashes may be any integers; segments' are counted up, so that no two fall together.
  const known = new Map<number, number>();
  let count = 0;
  const blocks = jsonLines.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
  blocks.forEach((text, i) => {
    if (text.trim() === '') return;
    const line = parseJson(text, i + 1);
    const arrivalMs = line['timestamp'];
    if (typeof arrivalMs !== 'number' || !Number.isFinite(arrivalMs)) {
      throw new TraceError(i + 1, `timestamp must be a number of milliseconds; got ${JSON.stringify(arrivalMs) ?? 'nothing'}.`);
    }
    const countOf = (column: string) => tokenCount(line[column], line[column], column, i + 1);
    const inputLength = countOf('input_length');
    const hashes = hashesOf(line['hash_ids'], i + 1);
    const segments: Segment[] = [];
    for (let start = 0, block = 0; start < inputLength; start += MOONCAKE_BLOCK_TOKENS, block++) {
      const id = hashes[block];
      const hash = (id === undefined ? undefined : known.get(id)) ?? count++;
      if (id !== undefined) known.set(id, hash);
      segments.push({ hash, length: Math.min(MOONCAKE_BLOCK_TOKENS, inputLength - start) });
    }
    requests.push({ arrivalMs, segments, outputLength: countOf('output_length') });
  });
  requests.sort((a, b) => a.arrivalMs - b.arrivalMs);
  const startMs = requests[0]?.arrivalMs ?? 0;
  return { name, requests: requests.map((request) => ({ ...request, arrivalMs: request.arrivalMs - startMs })), closedLoop: null };
}

/** The first `count` requests of a trace, with its time running `speed` times as fast. */
export function excerpt(workload: Workload, count: number, speed = 1): Workload {
  return {
    ...workload,
    requests: workload.requests.slice(0, count).map((request) => ({ ...request, arrivalMs: request.arrivalMs / speed })),
  };
}

function parseJson(text: string, line: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new TraceError(line, 'no JSON object.');
}

function hashesOf(value: unknown, line: number): readonly number[] {
  if (value === undefined || value === null) return [];
  const hashes: readonly unknown[] = Array.isArray(value) ? value : [NaN];
  const place = hashes.findIndex((hash) => !Number.isSafeInteger(hash));
  if (place < 0) return hashes as number[];
  const got = Array.isArray(value) ? `${JSON.stringify(hashes[place])} at ${place}` : JSON.stringify(value);
  throw new TraceError(line, `hash_ids must be a list of whole numbers within ±${Number.MAX_SAFE_INTEGER}; got ${got}.`);
}

/** The number that a cell of a table holds: digits, perhaps with the `.0` of a column of floats. */
const written = (text: string): number => (/^\+?\d+(\.0*)?$/.test(text) ? Number(text) : NaN);

function tokenCount(count: unknown, got: unknown, column: string, line: number): number {
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0 || count > MOST_TOKENS) {
    throw new TraceError(
      line,
      `${column} must be a whole number of tokens from 0 to ${MOST_TOKENS}; got ${JSON.stringify(got) ?? 'nothing'}.`,
    );
  }
  return Math.max(1, count);
}
