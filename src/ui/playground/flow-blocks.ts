/** Cuts a flow of tokens into blocks at line ends, so that a browser lays out the last lines only when a token comes. */
import type { SequenceToken, SpanList } from './token-span.ts';

/** A stretch of the sequence: the prompt, or a continuation. */
export interface FlowPart {
  kind: 'prompt' | 'output';
  spans: SpanList;
  tokens: readonly SequenceToken[];
  /** Place of its first token in the sequence. */
  offset: number;
}

/** Spans that are drawn by one component. */
export interface Chunk {
  part: FlowPart;
  start: number;
  end: number;
  /** The last of its part: the only one that can still change. */
  open: boolean;
}

/** Lines that stand by themselves: nothing in another block can move within them. */
export interface Block {
  /** Of its first token: the same block has the same key when tokens come. */
  key: number;
  chunks: Chunk[];
}

const SPANS_A_CHUNK = 64;
/** Short lines share a block. */
const SPANS_A_BLOCK = 48;

export function blocksOf(parts: readonly FlowPart[]): Block[] {
  const blocks: Block[] = [];
  let block: Block | null = null;
  let held = 0;
  for (const part of parts) {
    const { spans } = part.spans;
    let start = 0;
    for (let index = 0; index < spans.length; index++) {
      const end = index + 1;
      const lineEnds = spans[index]!.text.endsWith('\n') && held + end - start >= SPANS_A_BLOCK;
      if (!lineEnds && end - start < SPANS_A_CHUNK && end < spans.length) continue;
      if (!block) blocks.push((block = { key: part.offset + spans[start]!.start, chunks: [] }));
      block.chunks.push({ part, start, end, open: end === spans.length });
      held += end - start;
      start = end;
      if (lineEnds) [block, held] = [null, 0];
    }
  }
  return blocks;
}
