/** What a thread computes at a moment, as it tells another before it does: while it computes it can't be asked. */

/** A patch by resource and revision. */
export interface PatchName {
  readonly id: string;
  readonly revisionId: string;
}

export interface Work {
  /** `runtime`: a model runs or is built. `service`: our own code, for a call that may take long. `look`: for one that looks something up, in a moment. `patch`: code that became active. `script`: a script of a person. */
  readonly kind: 'runtime' | 'service' | 'look' | 'patch' | 'script';
  /** For people: `a forward pass of 480 tokens`. */
  readonly what: string;
  /** Of a patch. */
  readonly patch: PatchName | null;
}

/** Not a person's code: it ends by itself. */
export const isOwnWork = (work: Work | null): boolean => work?.kind === 'runtime' || work?.kind === 'service';
