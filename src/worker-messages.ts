/** The messages that page and worker exchange beside the port protocol. */
import type { Refusal } from './environment/refusals.ts';

export interface WorkerSettings {
  kind: 'settings';
  /** Absolute URL of the site's folder, ending in `/`. */
  base: string;
}

export interface WorkerHello {
  kind: 'hello';
  threads: number;
  /** Whether a ReadableStream can be posted from the worker. */
  streamsTransfer: boolean;
}

/** What the browser would not keep of what the worker gave it; sent again when that changes. */
export interface WorkerRefusals {
  kind: 'refusals';
  refusals: readonly Refusal[];
}
