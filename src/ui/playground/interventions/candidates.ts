/** Candidates before and after, side by side. */
import type { Output } from '../../../contract/index.ts';

export type Effect = NonNullable<Output<'model', 'forward'>['effect']>[number];

export interface Pair {
  tokenId: number;
  token: string;
  /** Log-probabilities; null below those that were asked for. */
  before: number | null;
  after: number | null;
}

/** The tokens that are among the `count` most probable on either side, the most probable before first. */
export function pairs({ before, after }: Effect, count: number): Pair[] {
  const [ofBefore, ofAfter] = [before, after].map((side) => new Map(side.map((candidate) => [candidate.token_id, candidate])));
  const shown = new Map([...before.slice(0, count), ...after.slice(0, count)].map(({ token_id, token }) => [token_id, token]));
  return Array.from(shown, ([tokenId, token]) => ({
    tokenId,
    token,
    before: ofBefore!.get(tokenId)?.logprob ?? null,
    after: ofAfter!.get(tokenId)?.logprob ?? null,
  }));
}
