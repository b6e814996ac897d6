/** One forward pass: rows in, padded tensors out. */
import { counted } from '../../environment/counted.ts';
import { ApiError, type ArrayTensor, invalidInput, type Output, type ParsedInput } from '../../contract/index.ts';
import { MAX_FORWARD_VALUES } from '../../contract/forward.ts';
import type { HookPoint } from '../../engine/graph/index.ts';
import type { BatchRow, Capture, ModelRunner, RunResult } from '../../engine/index.ts';
import type { Tokenizer } from '../../engine/text/tokenizer.ts';
import { topCandidates } from './candidates.ts';
import { notFiniteIn } from '../finite.ts';
import { hookPointsNamed } from './find-hook-points.ts';
import { checkTokenIds } from './prompt.ts';
import { runInPieces } from './run-in-pieces.ts';
import { tapEffect } from './tap-effect.ts';
import { resolveTaps } from './taps.ts';

type Request = ParsedInput<'model', 'forward'>;
type Response = Output<'model', 'forward'>;

/** @param hookPoints that `capture` and `taps` may name */
export async function forward(
  request: Request,
  runner: ModelRunner,
  tokenizer: Tokenizer,
  hookPoints: readonly HookPoint[],
  signal?: AbortSignal,
): Promise<Response> {
  const rows = rowsOf(request, runner);
  const capture = capturesNamed(request.capture, hookPoints);
  checkSize(
    request,
    capture.map((name) => hookPoints.find((hookPoint) => hookPoint.name === name)!),
    rows,
    runner.shape.vocabSize,
  );
  const taps = resolveTaps(request.taps, rows, hookPoints);
  const wanted = request.logits === 'all' ? 'all' : request.logits === 'none' && !request.compare ? 'none' : 'last';
  const result = await runInPieces(
    runner,
    rows.map((tokenIds) => detached(tokenIds, wanted)),
    { capture, taps },
    signal,
  );
  const lengths = rows.map((row) => row.length);
  const { vocabSize } = runner.shape;
  const told = logitsOf(request, result, lengths, vocabSize, tokenizer);
  const captures = capturesOf(capture, result);
  return {
    lengths,
    ...told,
    captures,
    not_finite: notFiniteIn({ logits: told.logits as ArrayTensor | undefined, ...captures }),
    ...(request.compare && { effect: await effectOf(result, rows, runner, request.top_k, tokenizer, signal) }),
  };
}

/** What is asked for must fit into memory, padded as it will be. */
function checkSize({ logits }: Request, captures: readonly HookPoint[], rows: readonly number[][], vocabSize: number): void {
  const tokens = rows.reduce((longest, { length }) => Math.max(longest, length), 0);
  const sizeOf = (shape: string) =>
    shape
      .slice(1, -1)
      .split(', ')
      .reduce((size, axis) => size * (axis === 'T' ? tokens : Number(axis)), rows.length);
  const wanted = [
    ...(logits === 'all' ? [{ path: '/logits', values: rows.length * tokens * vocabSize }] : []),
    ...captures.map(({ shape }) => ({ path: '/capture', values: sizeOf(shape) })),
  ];
  const total = wanted.reduce((sum, { values }) => sum + values, 0);
  if (total <= MAX_FORWARD_VALUES) return;
  const { path } = wanted.toSorted((a, b) => b.values - a.values)[0]!;
  throw invalid(
    path,
    `asks for most of ${total} values; one call gives at most ${MAX_FORWARD_VALUES}: capture less, or send fewer or shorter sequences`,
  );
}

const detached = (tokenIds: number[], logits: BatchRow['logits']): BatchRow => ({ tokenIds, past: 0, blockTable: null, logits });

/** What the taps change, sequence by sequence; sequences that are the same are run once without them. */
async function effectOf(
  { logits }: RunResult,
  rows: readonly number[][],
  runner: ModelRunner,
  topK: number,
  tokenizer: Tokenizer,
  signal: AbortSignal | undefined,
): Promise<NonNullable<Response['effect']>> {
  const distinct = [...new Map(rows.map((row) => [row.join(), row]))];
  const untapped = await runInPieces(
    runner,
    distinct.map(([, row]) => detached(row, 'last')),
    {},
    signal,
  );
  const before = new Map(distinct.map(([key], i) => [key, untapped.logits[i]!]));
  return rows.map((row, i) =>
    tapEffect(before.get(row.join())!, logits[i]!.subarray(-runner.shape.vocabSize), topK, tokenizer, `/effect/${i}`),
  );
}

const capturesNamed = (patterns: readonly string[], hookPoints: readonly HookPoint[]): string[] => [
  ...new Set(patterns.flatMap((pattern) => hookPointsNamed(pattern, hookPoints, '/capture').map(({ name }) => name))),
];

function logitsOf(
  request: Request,
  { logits }: RunResult,
  lengths: number[],
  vocabSize: number,
  tokenizer: Tokenizer,
): Pick<Response, 'logits' | 'top_k'> {
  if (request.logits === 'none') return {};
  if (request.logits === 'top_k') return { top_k: logits.map((row, i) => topCandidates(row, request.top_k, tokenizer, `/top_k/${i}`)) };
  if (request.logits === 'last') return { logits: stack(logits.map((data) => ({ shape: [vocabSize], data }))) };
  return { logits: stack(logits.map((data, i) => ({ shape: [lengths[i]!, vocabSize], data }))) };
}

function capturesOf(names: readonly string[], { captures }: RunResult): Record<string, ArrayTensor> {
  return Object.fromEntries(names.map((name) => [name, stack(captures.map((row) => row.get(name)!))]));
}

/** The sequences without their padding. */
function rowsOf({ input_ids, attention_mask }: Request, runner: ModelRunner): number[][] {
  const batch = isNested(input_ids) ? input_ids : [input_ids];
  const masks = attention_mask === undefined ? null : isNested(attention_mask) ? attention_mask : [attention_mask];
  if (masks && masks.length !== batch.length)
    throw invalid('/attention_mask', `has ${masks.length} rows where input_ids has ${batch.length}`);
  const { vocabSize, maxPositionEmbeddings } = runner.shape;
  return batch.map((ids, i) => {
    const path = isNested(input_ids) ? `/input_ids/${i}` : '/input_ids';
    const row = masks ? withoutPadding(ids, masks[i]!, isNested(input_ids) ? `/attention_mask/${i}` : '/attention_mask') : ids;
    checkTokenIds(row, vocabSize, path);
    if (row.length > maxPositionEmbeddings) {
      throw new ApiError(
        'context_exceeded',
        `${path} has ${counted(row.length, 'token')}; the model's context is ${maxPositionEmbeddings}. Send at most that many.`,
        [{ path, message: `must have at most ${maxPositionEmbeddings} tokens; it is ${row.length}.` }],
      );
    }
    return row;
  });
}

const isNested = (value: number[] | number[][]): value is number[][] => Array.isArray(value[0]);

function withoutPadding(ids: number[], mask: number[], path: string): number[] {
  if (mask.length !== ids.length) throw invalid(path, `has ${mask.length} entries for ${ids.length} tokens`);
  const first = mask.indexOf(1);
  const end = mask.lastIndexOf(1) + 1;
  if (first < 0) throw invalid(path, 'masks every token');
  if (mask.slice(first, end).includes(0)) throw invalid(path, 'has a hole; padding stands on the left or on the right');
  return ids.slice(first, end);
}

const invalid = (path: string, what: string) => invalidInput([{ path, message: `${what}.` }]);

/** Arrays of different sizes in one tensor with a leading batch dimension, zeros after the end of the shorter ones. */
export function stack(items: readonly Capture[]): ArrayTensor {
  const rank = items[0]?.shape.length ?? 0;
  const inner = Array.from({ length: rank }, (_, axis) => Math.max(...items.map(({ shape }) => shape[axis]!)));
  const size = inner.reduce((a, b) => a * b, 1);
  const data = new Float32Array(items.length * size);
  items.forEach((item, i) => copyInto(item, data.subarray(i * size, (i + 1) * size), inner));
  return { dtype: 'float32', shape: [items.length, ...inner], data };
}

function copyInto({ shape, data }: Capture, target: Float32Array, inner: readonly number[]): void {
  if (shape.every((length, axis) => length === inner[axis])) return void target.set(data);
  const rowLength = shape.at(-1) ?? 1;
  const rows = data.length / rowLength;
  for (let row = 0; row < rows; row++) {
    let rest = row;
    let offset = 0;
    let stride = inner.at(-1) ?? 1;
    for (let axis = shape.length - 2; axis >= 0; axis--) {
      offset += (rest % shape[axis]!) * stride;
      rest = Math.floor(rest / shape[axis]!);
      stride *= inner[axis]!;
    }
    target.set(data.subarray(row * rowLength, (row + 1) * rowLength), offset);
  }
}
