/** Cuts aligned text at the matches of a pattern, in the five ways that tokenizer.json knows. */
import type { AlignedText } from './aligned-text.ts';
import type { Pattern } from './pattern.ts';

export const SPLIT_BEHAVIORS = ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'] as const;
export type SplitBehavior = (typeof SPLIT_BEHAVIORS)[number];

/** Pieces are never empty. */
export function split(source: AlignedText, find: Pattern, behavior: SplitBehavior, invert = false): AlignedText[] {
  const matches = find(source.text);
  if (matches.length === 0) return source.length === 0 || (invert && behavior === 'Removed') ? [] : [source];
  return cut(segmentsOf(matches, source.length, invert), behavior)
    .filter(({ start, end }) => start < end)
    .map(({ start, end }) => source.slice(start, end));
}

interface Segment {
  start: number;
  end: number;
  readonly isMatch: boolean;
}

/** Matches and what lies between them, without gaps. */
function segmentsOf(matches: readonly number[], length: number, invert: boolean): Segment[] {
  const segments: Segment[] = [];
  let last = 0;
  for (let match = 0; match < matches.length; match += 2) {
    const start = matches[match]!;
    const end = matches[match + 1]!;
    if (last < start) segments.push({ start: last, end: start, isMatch: invert });
    segments.push({ start, end, isMatch: !invert });
    last = end;
  }
  if (last < length) segments.push({ start: last, end: length, isMatch: invert });
  return segments;
}

function cut(segments: Segment[], behavior: SplitBehavior): Segment[] {
  switch (behavior) {
    case 'Isolated':
      return segments;
    case 'Removed':
      return segments.filter(({ isMatch }) => !isMatch);
    case 'Contiguous':
      return merge(segments, (segment, previousWasMatch) => segment.isMatch === previousWasMatch);
    case 'MergedWithPrevious':
      return merge(segments, (segment, previousWasMatch) => segment.isMatch && !previousWasMatch);
    case 'MergedWithNext':
      return merge(segments.toReversed(), (segment, previousWasMatch) => segment.isMatch && !previousWasMatch).toReversed();
  }
}

/** Joins a segment to the one before it, in the order given, where `joins` says so. */
function merge(segments: readonly Segment[], joins: (segment: Segment, previousWasMatch: boolean) => boolean): Segment[] {
  const merged: Segment[] = [];
  let previousWasMatch = false;
  for (const segment of segments) {
    const last = merged.at(-1);
    if (last && joins(segment, previousWasMatch)) {
      last.start = Math.min(last.start, segment.start);
      last.end = Math.max(last.end, segment.end);
    } else {
      merged.push({ ...segment });
    }
    previousWasMatch = segment.isMatch;
  }
  return merged;
}
