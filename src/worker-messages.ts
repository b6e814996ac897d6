/** The two messages that page and worker exchange before the port protocol begins. */

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
