/** What page and service worker say to each other, beside MSW's own messages. An answer comes through the port that a question brings. */

export type Question = 'serving' | 'quiet' | 'version' | 'keep';

export interface Answers {
  /** Asked of a page: whether it answers requests for the API now. */
  serving: boolean;
  /** Asked of a page: the answer comes when no request for the API is under way. */
  quiet: true;
  /** Asked of a page: the version of its build; `null` where it has none (the development server). */
  version: string | null;
  /** Asked of the service worker: to keep files for a visit without a network, and how many are left to be kept. */
  keep: { left: number; why: string | null };
}

export interface Asked {
  glassbox: Question;
}

/** Asked of the service worker by a page that it does not control. */
export const CLAIM = 'glassbox:claim';

export const isAsked = (data: unknown): data is Asked => typeof data === 'object' && data !== null && 'glassbox' in data;

/** The answer, or `null` when none comes in time. */
export function ask<Q extends Question>(
  whom: { postMessage(message: unknown, transfer: Transferable[]): void },
  question: Q,
  limitMs: number,
): Promise<Answers[Q] | null> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    const settle = (answer: Answers[Q] | null) => {
      clearTimeout(timer);
      port1.close();
      resolve(answer);
    };
    const timer = setTimeout(() => settle(null), limitMs);
    port1.addEventListener('message', ({ data }: MessageEvent<Answers[Q]>) => settle(data));
    port1.start();
    whom.postMessage({ glassbox: question } satisfies Asked, [port2]);
  });
}
