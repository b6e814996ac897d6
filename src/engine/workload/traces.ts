/** Recorded workloads: the layouts of the Azure LLM inference traces (CSV) and of Mooncake's (JSON lines with prefix hashes). */
import type { Workload, WorkloadRequest } from './workload.ts';

/** Tokens that one of Mooncake's hashes stands for. */
const MOONCAKE_BLOCK_TOKENS = 512;

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

/**
 * `TIMESTAMP,ContextTokens,GeneratedTokens`, timestamps as `2023-11-16 18:15:46.6805900`. Prompts share nothing.
 * Throws a `TraceError`.
 */
export function parseAzureTrace(csv: string, name = 'azure'): Workload {
  const [header = '', ...lines] = csv.replace(/^\uFEFF/, '').split(/\r?\n/);
  const columns = header.split(',').map((column) => column.trim());
  const places = ['TIMESTAMP', 'ContextTokens', 'GeneratedTokens'].map((column) => columns.indexOf(column));
  if (places.includes(-1)) throw new TraceError(1, `expected the columns TIMESTAMP, ContextTokens and GeneratedTokens; got ${header}.`);
  const requests: WorkloadRequest[] = [];
  let startMs: number | null = null;
  lines.forEach((text, i) => {
    if (text.trim() === '') return;
    const cells = text.split(',');
    const [time = '', context = '', generated = ''] = places.map((place) => cells[place]);
    const timeMs = parseTimestamp(time);
    if (Number.isNaN(timeMs)) throw new TraceError(i + 2, `"${time}" is no timestamp.`);
    startMs ??= timeMs;
    requests.push({
      arrivalMs: timeMs - startMs,
      segments: [{ hash: i, length: tokens(context, i + 2) }],
      outputLength: tokens(generated, i + 2),
    });
  });
  return { name, requests, closedLoop: null };
}

/**
 * One `{"timestamp": ms, "input_length": …, "output_length": …, "hash_ids": […]}` a line; each hash stands for 512 tokens.
 * Throws a `TraceError`.
 */
export function parseMooncakeTrace(jsonLines: string, name = 'mooncake'): Workload {
  const requests: WorkloadRequest[] = [];
  jsonLines.split(/\r?\n/).forEach((text, i) => {
    if (text.trim() === '') return;
    const line = parseJson(text, i + 1);
    const inputLength = tokens(line['input_length'], i + 1);
    const arrivalMs = Number(line['timestamp']);
    if (!Number.isFinite(arrivalMs)) throw new TraceError(i + 1, `"timestamp" must be a number; got ${String(line['timestamp'])}.`);
    const hashes = Array.isArray(line['hash_ids']) ? line['hash_ids'].map(Number) : [];
    const segments = [];
    for (let start = 0, block = 0; start < inputLength; start += MOONCAKE_BLOCK_TOKENS, block++) {
      // A prompt longer than its hashes goes on with tokens of its own.
      segments.push({ hash: hashes[block] ?? 0x40000000 + i * 1024 + block, length: Math.min(MOONCAKE_BLOCK_TOKENS, inputLength - start) });
    }
    requests.push({ arrivalMs, segments, outputLength: tokens(line['output_length'], i + 1) });
  });
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
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new TraceError(line, 'no JSON object.');
}

/** Seven digits of a second are more than every engine's `Date.parse` reads. */
function parseTimestamp(text: string): number {
  const [seconds = '', fraction = ''] = text.trim().split('.');
  return Date.parse(`${seconds.replace(' ', 'T')}Z`) + (fraction === '' ? 0 : Number(`0.${fraction.replace(/\D.*$/, '')}`) * 1000);
}

function tokens(value: unknown, line: number): number {
  const count = typeof value === 'string' && value.trim() === '' ? NaN : Number(value);
  if (!Number.isInteger(count) || count < 0) throw new TraceError(line, `"${String(value)}" is no number of tokens.`);
  return Math.max(1, count);
}
