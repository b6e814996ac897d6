/** From the taps of a request to the changes that a runner applies: selections and values are checked here, all before anything runs. */
import { invalidInput, type ParsedInput, tensorData } from '../../contract/index.ts';
import type { HookPoint } from '../../engine/graph/index.ts';
import type { Tap } from '../../engine/index.ts';
import { hookPointsNamed } from './find-hook-points.ts';

type RequestedTap = ParsedInput<'model', 'forward'>['taps'][number];

/** One axis of a value: which places are selected, of how many. */
interface Axis {
  name: string;
  places: readonly number[];
  size: number;
}

/** A requested tap on one value: what it does to the numbers of one sequence. */
type Change = (scale: Float32Array, offset: Float32Array) => void;

interface Target {
  hookPoint: HookPoint;
  row: number;
  changes: Change[];
}

/**
 * @param rows the sequences' tokens
 * @throws ApiError not_found for an unknown hook point, validation_failed for a selection or value that does not fit
 */
export function resolveTaps(requested: readonly RequestedTap[], rows: readonly number[][], hookPoints: readonly HookPoint[]): Tap[] {
  const targets = new Map<string, Target>();
  requested.forEach((tap, i) => {
    const path = `/taps/${i}`;
    for (const hookPoint of hookPointsNamed(tap.hook_point, hookPoints, `${path}/hook_point`)) {
      const sequences = selected(tap.sequences, rows.length, `${path}/sequences`, 'sequences');
      for (const row of sequences.places) {
        const key = `${row}/${hookPoint.name}`;
        const target = targets.get(key) ?? { hookPoint, row, changes: [] };
        target.changes.push(changeOf(tap, hookPoint, sequences, row, rows, path));
        targets.set(key, target);
      }
    }
  });
  return Array.from(targets.values(), ({ hookPoint, row, changes }): Tap => ({
    hookPoint: hookPoint.name,
    row,
    change() {
      const size = rows[row]!.length * product(hookPoint.tokenShape!);
      const [scale, offset] = [new Float32Array(size).fill(1), new Float32Array(size)];
      for (const change of changes) change(scale, offset);
      return { scale, offset };
    },
  }));
}

function changeOf(
  tap: RequestedTap,
  { name, tokenShape }: HookPoint,
  sequences: Axis,
  row: number,
  rows: readonly number[][],
  path: string,
): Change {
  if (!tokenShape) {
    throw invalid(
      `${path}/hook_point`,
      `names ${name}, an attention map: fused kernels never form it, so it cannot be changed. Tap q, k or v of the layer`,
    );
  }
  const length = rows[row]!.length;
  const tokens = selected(tap.tokens, length, `${path}/tokens`, `tokens in sequence ${row}`);
  const [heads, width] = tokenShape.length === 2 ? tokenShape : [null, tokenShape[0]!];
  if (heads === null && tap.heads) throw invalid(`${path}/heads`, `is for q, k and v; ${name} has no heads`);
  const headAxis = selected(tap.heads, heads ?? 1, `${path}/heads`, 'heads');
  const axes: Axis[] = [
    sequences,
    { ...tokens, name: 'tokens', size: rows.reduce((longest, { length }) => Math.max(longest, length), 0) }, // captures are as long as the longest
    ...(heads === null ? [] : [headAxis]),
    selected(undefined, width!, '', 'width'),
  ];
  const values = tap.op === 'ablate' ? null : valuesOf(tap.value, axes, `${path}/value`);
  const first = values?.offsets[0]![sequences.places.indexOf(row)] ?? 0;
  const apply = APPLY[tap.op];
  return (scale, offset) => {
    tokens.places.forEach((token, t) => {
      headAxis.places.forEach((head, h) => {
        const to = (token * (heads ?? 1) + head) * width!;
        const from = first + (values?.offsets[1]![t] ?? 0) + (heads === null ? 0 : (values?.offsets[2]![h] ?? 0));
        const across = values?.offsets.at(-1);
        for (let i = 0; i < width!; i++) apply(scale, offset, to + i, values?.data[from + across![i]!] ?? 0);
      });
    });
  };
}

const APPLY: Record<RequestedTap['op'], (scale: Float32Array, offset: Float32Array, at: number, value: number) => void> = {
  replace(scale, offset, at, value) {
    scale[at] = 0;
    offset[at] = value;
  },
  ablate(scale, offset, at) {
    scale[at] = 0;
    offset[at] = 0;
  },
  add(_scale, offset, at, value) {
    offset[at]! += value;
  },
  scale(scale, offset, at, value) {
    scale[at]! *= value;
    offset[at]! *= value;
  },
};

/** Numbers and, for each axis, how far each selected place is from the start. */
function valuesOf(
  value: Extract<RequestedTap, { op: 'add' }>['value'],
  axes: readonly Axis[],
  path: string,
): { data: ArrayLike<number>; offsets: number[][] } {
  const { shape, data } = asTensor(value, path);
  const extra = Math.max(shape.length - axes.length, 0);
  if (shape.slice(0, extra).some((size) => size !== 1))
    throw invalid(path, `has the shape [${shape.join(', ')}], with more axes than ${axes.map(({ name }) => name).join(', ')}`);
  const sizes = [...Array<number>(Math.max(axes.length - shape.length, 0)).fill(1), ...shape.slice(extra)];
  const offsets: number[][] = [];
  let stride = 1;
  for (let a = axes.length - 1; a >= 0; a--) {
    const { name, places, size } = axes[a]!;
    const given = sizes[a]!;
    if (![1, size, places.length].includes(given)) {
      const fits = [...new Set([1, places.length, size])].join(', ');
      throw invalid(path, `has the shape [${shape.join(', ')}]; its axis of ${name} fits with a size of ${fits}`);
    }
    const step = stride;
    offsets[a] = places.map((place, i) => (given === 1 ? 0 : given === size ? place : i) * step);
    stride *= given;
  }
  return { data, offsets };
}

function asTensor(
  value: Extract<RequestedTap, { op: 'add' }>['value'],
  path: string,
): { shape: readonly number[]; data: ArrayLike<number> } {
  if (typeof value === 'number') return { shape: [], data: [value] };
  if (Array.isArray(value)) return { shape: [value.length], data: value };
  try {
    return { shape: value.shape, data: tensorData(value) };
  } catch (error) {
    throw invalid(path, `is no tensor: ${(error as Error).message.replace(/\.$/, '')}`);
  }
}

/** Places of an axis, negative ones counted from its end; all of them unless some are given. */
function selected(given: readonly number[] | undefined, size: number, path: string, name: string): Axis {
  const places = given?.map((place) => (place < 0 ? place + size : place)) ?? Array.from({ length: size }, (_, i) => i);
  const outside = places.findIndex((place) => place < 0 || place >= size);
  if (outside >= 0) throw invalid(path, `has ${given![outside]}, and there are ${size} ${name}`);
  return { name, places, size };
}

const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

const invalid = (path: string, what: string) => invalidInput([{ path, message: `${what}.` }]);
