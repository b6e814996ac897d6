/** The messages that page and worker exchange beside the port protocol. */
import type { Input } from './contract/index.ts';
import type { LeftOut, Suspect } from './contract/left-out.ts';
import type { HeldRecord } from './environment/record-store.ts';
import type { Refusal } from './environment/refusals.ts';
import type { PatchName } from './environment/work.ts';

export interface WorkerSettings {
  kind: 'settings';
  /** Absolute URL of the site's folder, ending in `/`. */
  base: string;
  /** Of a lock that the worker holds as long as it lives. */
  lock: string;
  /** Patches that are not to come back. */
  leaveOut: readonly Suspect[];
  /** Of this start, under which the page is present to other tabs until it ends the worker. */
  start: string;
  /** Starts, of this tab or others, that were left while their worker answered. */
  leftWell: readonly string[];
  /** To begin with; `null` for the default model. */
  model: ModelRequest | null;
  /** What the worker before this one had to keep by itself, since the browser did not. */
  held: readonly HeldRecord[];
  access: { required: boolean; session: string };
}

/** From now on the RESTful transport asks for tokens, or no longer. */
export interface RequireTokens {
  kind: 'require tokens';
  required: boolean;
}

/** What a load of weights was asked for. */
export type ModelRequest = Input<'model', 'swapWeights'>;

/** To a worker that still loads the model it was to begin with: not that one. */
export interface BeginWithDefault {
  kind: 'begin with default';
}

/** To be started by the page, with the port for what is said to it. */
export interface StartCandidate {
  kind: 'start candidate';
  id: number;
  port: MessagePort;
}

export interface EndCandidate {
  kind: 'end candidate';
  id: number;
}

/** The page's answer where that worker died by itself. */
export interface CandidateDied {
  kind: 'candidate died';
  id: number;
  reason: string;
}

/** A model became active; of uploaded files only that they were. */
export interface WorkerSwapped {
  kind: 'swapped';
  model: string;
  request: ModelRequest;
  /** Nobody asked for it: the worker began with it. */
  isStart: boolean;
}

/** The model to begin with does not come: the default one is loaded in its place. */
export interface WorkerGivesUp {
  kind: 'gives up';
  why: string;
  /** It was asked to. */
  isWish: boolean;
}

export interface WorkerHello {
  kind: 'hello';
  threads: number;
  /** Whether a ReadableStream can be posted, as to the service worker. */
  streamsTransfer: boolean;
}

/** The lock is held: whoever gets it next learns that this worker has ended. */
export interface WorkerLocked {
  kind: 'locked';
}

/** What of the last visit does not become active again is told; no patch has run before. */
export interface WorkerSorted {
  kind: 'sorted';
}

/** A patch that was active and is no longer. */
export interface WorkerLeftOut {
  kind: 'left out';
  leftOut: LeftOut;
}

/** What is patched from now on. */
export interface WorkerPatched {
  kind: 'patched';
  patched: readonly PatchName[];
}

/** What the browser would not keep of what the worker gave it; sent again when that changes. */
export interface WorkerRefusals {
  kind: 'refusals';
  refusals: readonly Refusal[];
}

/** A record that the browser does not keep, or does again: the page has it for the worker after this one. */
export interface WorkerHeld {
  kind: 'held';
  change: HeldRecord;
}

export type WorkerMessage =
  | WorkerHello
  | StartCandidate
  | EndCandidate
  | WorkerLocked
  | WorkerSorted
  | WorkerLeftOut
  | WorkerPatched
  | WorkerRefusals
  | WorkerHeld
  | WorkerSwapped
  | WorkerGivesUp;
