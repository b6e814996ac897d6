/** A workload: who asks for how many tokens and when, independent of model and tokenizer. */
import type { GenerationRequest } from '../generation.ts';

/** A stretch of a prompt. Equal hashes give equal tokens, so prompts that begin with the same segments share a prefix. */
export interface Segment {
  readonly hash: number;
  readonly length: number;
}

export interface WorkloadRequest {
  /** Of the generation; given out when left out. */
  readonly id?: string;
  /** From the start of the workload; without meaning in a closed loop. */
  readonly arrivalMs: number;
  readonly segments: readonly Segment[];
  /** The prompt itself, instead of tokens made up for the segments. */
  readonly promptTokenIds?: readonly number[];
  readonly outputLength: number;
  readonly client?: string;
  readonly priority?: number;
  readonly deadlineMs?: number;
}

export interface Workload {
  readonly name: string;
  readonly requests: readonly WorkloadRequest[];
  /** `null`: requests arrive at their times. Else so many users each wait for their answer, think, and send the next. */
  readonly closedLoop: { readonly users: number; readonly thinkMs: number } | null;
}

export function promptLength({ segments }: WorkloadRequest): number {
  return segments.reduce((sum, { length }) => sum + length, 0);
}

/** The prompt's tokens, the same for the same segments and vocabulary. */
export function promptTokens({ segments, promptTokenIds }: WorkloadRequest, vocabSize: number): readonly number[] {
  return promptTokenIds ?? segments.flatMap(({ hash, length }) => Array.from({ length }, (_, i) => tokenOf(hash, i) % vocabSize));
}

/** What the engine is asked. Generation goes on to the length asked for: no end of sequence. */
export function toGenerationRequest(request: WorkloadRequest, vocabSize: number): GenerationRequest {
  const { id, outputLength, client, priority, deadlineMs } = request;
  return {
    id,
    promptTokenIds: promptTokens(request, vocabSize),
    maxNewTokens: outputLength,
    sampling: { temperature: 0 },
    client,
    priority,
    deadlineMs,
  };
}

/** Shrinks prompts and outputs by one factor so that the longest request fits the context; never stretches. Segments keep their boundaries in common. */
export function scaleToContext(workload: Workload, contextTokens: number): Workload {
  const longest = workload.requests.reduce((most, request) => Math.max(most, promptLength(request) + request.outputLength), 1);
  // Rounding up may add a token to the prompt and one to the output.
  const factor = Math.min(1, (contextTokens - 2) / longest);
  const requests = workload.requests.map((request) => ({
    ...request,
    segments: scaleSegments(request.segments, factor),
    outputLength: Math.max(1, Math.round(request.outputLength * factor)),
  }));
  return { ...workload, requests };
}

/** Each end is rounded by itself, so that the same segments end at the same places in every request. */
function scaleSegments(segments: readonly Segment[], factor: number): Segment[] {
  let end = 0;
  let scaledEnd = 0;
  const scaled: Segment[] = [];
  for (const { hash, length } of segments) {
    end += length;
    const next = Math.max(1, Math.round(end * factor));
    if (next > scaledEnd) scaled.push({ hash, length: next - scaledEnd });
    scaledEnd = next;
  }
  return scaled;
}

/** 31 bits. */
function tokenOf(hash: number, position: number): number {
  let z = Math.imul((hash | 0) ^ Math.imul(position + 1, 0x9e3779b1), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 1;
}
