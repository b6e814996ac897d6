/** Patches that were active and are no longer, though nobody took them back: what the page, its worker and its panels say of them. */
import type { PatchName } from '../environment/work.ts';

/** One that was active when a worker stopped answering. */
export interface Suspect extends PatchName {
  /** `silent`: it was at work. `active`: no more is known than that. `again`: twice, amid the same work of our own. */
  readonly why: 'silent' | 'active' | 'again';
}

export interface LeftOut extends PatchName {
  title: string;
  /** Left out of this start: as a suspect; its last start was cut short (`start`); it could not be made active (`failed`). `model`: the model loaded since does not take it. */
  why: Suspect['why'] | 'start' | 'failed' | 'model';
  /** What went wrong, where that is known. */
  detail: string | null;
}
