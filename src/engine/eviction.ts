/** What an eviction rule is: a score over cached blocks, of which the lowest goes first. */

/** A block that nobody references and whose keys and values a prefix hit could still use. */
export interface CachedBlock {
  readonly block: number;
  /** Position of the block in its chain; 0 holds the first tokens of a prompt. */
  readonly depth: number;
  /** Prefix hits so far. */
  readonly hits: number;
  /** Counter values, larger is later: when the block entered the cache, and when its last holder freed it. */
  readonly cachedAt: number;
  /** A sequence frees its last block first, so the tail of a chain has smaller values than its head. */
  readonly freedAt: number;
}

/** The default export of an eviction rule's file. */
export interface EvictionSource {
  readonly name: string;
  /** One sentence for people. */
  readonly rule: string;
  /** The block with the lowest score is evicted first; equal scores go by `freedAt`. */
  score(block: CachedBlock): number;
}
