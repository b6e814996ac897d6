/** The phases of a call as a waterfall shows them: in order, named for people, each on its side of the border. */

type Side = 'page' | 'transport' | 'worker' | 'stream';

export interface Phase {
  name: string;
  about: string;
  side: Side;
  start_ms: number;
  duration_ms: number;
}

const KNOWN: Record<string, { about: string; side: Side }> = {
  'write request': { about: 'The page makes the request.', side: 'page' },
  transport: { about: 'Through the service worker to the engine and back.', side: 'transport' },
  hop: { about: 'Page to worker and back by MessagePort.', side: 'transport' },
  read_request: { about: 'The worker reads and parses the body.', side: 'worker' },
  validate: { about: 'The input is checked against the schema.', side: 'worker' },
  queue: { about: 'Waiting for its turn.', side: 'worker' },
  execute: { about: 'The service works.', side: 'worker' },
  serialize: { about: 'The worker turns the result into JSON.', side: 'worker' },
  'read response': { about: 'The page reads the body.', side: 'page' },
  'parse response': { about: 'The page parses the JSON.', side: 'page' },
  'first event': { about: 'Until the first event came.', side: 'stream' },
  stream: { about: 'From the first event to the last.', side: 'stream' },
};

export function phasesOf(timings: Record<string, number>): Phase[] {
  let start = 0;
  return Object.entries(timings).map(([name, duration]) => {
    const { about, side } = KNOWN[name] ?? { about: 'A part of the service’s work.', side: 'worker' as const };
    const phase = { name, about, side, start_ms: start, duration_ms: duration };
    start += duration;
    return phase;
  });
}

/** Where the last phase ends; a scale for one or more calls. */
export function extent(...all: readonly Phase[][]): number {
  return Math.max(1e-6, ...all.map((phases) => phases.reduce((end, phase) => Math.max(end, phase.start_ms + phase.duration_ms), 0)));
}
