/** The disposable worker's side: a candidate, and a heart that beats while it runs; whoever sent it ends the worker. */
import { messageOf } from '../../../engine/errors.ts';
import { loadCode } from '../../../environment/load-code.ts';
import { limitAllocations } from './allocation-limit.ts';
import { loadPython } from '../python/load-pyodide.ts';
import type { CheckMessage, CheckRequest, Preparation } from './protocol.ts';
import { runCheck } from './run-check.ts';

/** Milliseconds between two beats while the candidate lets the worker breathe. */
const BEAT_MS = 100;

interface Port {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { data: CheckRequest | Preparation }) => void): void;
}

/** @param scope the worker's global one, in which candidates run */
export function serveChecks(port: Port, scope: Record<string, unknown>): void {
  let forgetAllocations: (() => void) | null = null;
  const tell = (message: CheckMessage) => port.postMessage(message);
  const unable = (error: unknown) => tell({ kind: 'unable', why: messageOf(error) });
  port.addEventListener('message', ({ data }) => {
    if ('prepare' in data) {
      // What fails to come is told here, before there is a candidate that could be blamed.
      loadCode(() => Promise.all([loadPython(), import('../python/python-module.ts')])).then(() => tell({ kind: 'prepared' }), unable);
      return;
    }
    forgetAllocations ??= limitAllocations(scope);
    forgetAllocations();
    const beats = setInterval(() => tell({ kind: 'beat' }), BEAT_MS);
    runCheck(data, tell, () => new Promise((resolve) => setTimeout(resolve)))
      .catch((error: unknown) => {
        tell({
          kind: 'diagnostic',
          diagnostic: {
            ...{ severity: 'error', message: messageOf(error) },
            ...{ line: null, column: null, end_line: null, end_column: null, code: null },
          },
        });
        tell({ kind: 'done', spent: true });
      })
      .finally(() => clearInterval(beats));
  });
  // The parser is the largest part of what a check needs: it is there before the candidate.
  loadCode(() => import('@babel/parser')).then(() => tell({ kind: 'ready' }), unable);
}
