/** One continuation of a prompt, and the tree that grows when a person takes another token than the sampler did. */
import type { Output } from '../../contract/index.ts';
import { RunMeter } from './run-meter.ts';
import { type SequenceToken, SpanList } from './token-span.ts';

export type Generation = Output<'model', 'generate'>;
export type FinishReason = Generation['choices'][number]['finish_reason'];

export type BranchState = 'waiting' | 'running' | 'stopping' | 'finished' | 'failed';

export interface Branch {
  readonly id: string;
  readonly parent: Branch | null;
  /** Tokens taken from the parent; the token at this index was chosen by a person. 0 at a root. */
  readonly fork: number;
  /** `1`, `2`, … at the root, `1.1` below. */
  readonly label: string;
  readonly tokens: SequenceToken[];
  /** Came after Stop was pressed: shown only if the stop came too late. */
  late: SequenceToken[];
  readonly spans: SpanList;
  readonly meter: RunMeter;
  /** The generation that fills it: the id to cancel. */
  readonly generationId: string;
  /** Tokens it may generate, at most. */
  readonly limit: number;
  /** Tokens that were there before the generation began. */
  readonly given: number;
  state: BranchState;
  finish: FinishReason | null;
  stopString: string | null;
  result: Generation | null;
  tokensSaved: number | null;
  blocksFreed: number | null;
  error: unknown;
}

export interface BranchStart {
  generationId: string;
  limit: number;
}

function newBranch(id: string, label: string, parent: Branch | null, fork: number, tokens: SequenceToken[], start: BranchStart): Branch {
  return {
    id,
    label,
    parent,
    fork,
    tokens,
    spans: new SpanList(tokens),
    meter: new RunMeter(),
    generationId: start.generationId,
    limit: start.limit,
    given: tokens.length,
    late: [],
    state: 'waiting',
    finish: null,
    stopString: null,
    result: null,
    tokensSaved: null,
    blocksFreed: null,
    error: null,
  };
}

/** The branches of one prompt, each root followed by those that grew from it. */
export class BranchTree {
  readonly branches: Branch[] = [];

  root(start: BranchStart): Branch {
    const label = String(this.branches.filter(({ parent }) => parent === null).length + 1);
    const branch = newBranch(label, label, null, 0, [], start);
    this.branches.push(branch);
    return branch;
  }

  /** A branch that keeps `fork` tokens of its parent and goes on with another one. */
  grow(parent: Branch, fork: number, chosen: SequenceToken, start: BranchStart): Branch {
    const siblings = this.branches.filter((branch) => branch.parent === parent).length;
    const label = `${parent.label}.${siblings + 1}`;
    const branch = newBranch(label, label, parent, fork, [...parent.tokens.slice(0, fork), chosen], start);
    let last = this.branches.indexOf(parent);
    while (isBelow(this.branches[last + 1], parent)) last++;
    this.branches.splice(last + 1, 0, branch);
    return branch;
  }
}

function isBelow(branch: Branch | undefined, ancestor: Branch): boolean {
  for (let at = branch?.parent ?? null; at; at = at.parent) if (at === ancestor) return true;
  return false;
}

export function depth(branch: Branch): number {
  let count = 0;
  for (let at = branch.parent; at; at = at.parent) count++;
  return count;
}

export function textOf(branch: Branch): string {
  return branch.spans.spans.map(({ text }) => text).join('');
}

export const isLive = ({ state }: Branch): boolean => state === 'waiting' || state === 'running' || state === 'stopping';
