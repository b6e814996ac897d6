/** The answers of the block manager to those who ask for blocks. */

/** Blocks that were needed and not there. */
export interface Shortage {
  readonly needed: number;
  readonly available: number;
}

export type Admission =
  | { readonly verdict: 'ok'; readonly needed: number; readonly cachedTokens: number }
  /** `reserved` of the available blocks are the watermark's. */
  | { readonly verdict: 'later'; readonly needed: number; readonly available: number; readonly reserved: number }
  | { readonly verdict: 'never'; readonly needed: number; readonly available: number };
