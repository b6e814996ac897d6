/** The disposable worker's side: a candidate, and a heart that beats while it runs; whoever sent it ends the worker. */
import { messageOf } from '../../../engine/errors.ts';
import { Intrinsics } from '../../../environment/intrinsics.ts';
import { loadCode } from '../../../environment/load-code.ts';
import { limitAllocations } from './allocation-limit.ts';
import type { Language } from '../compiled-module.ts';
import { compileModule } from '../compile-module.ts';
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
  let realm: Realm | null = null;
  const tell = (message: CheckMessage) => port.postMessage(message);
  const unable = (error: unknown) => tell({ kind: 'unable', why: messageOf(error) });
  port.addEventListener('message', ({ data }) => {
    if ('prepare' in data) {
      // What fails to come is told here, before there is a candidate that could be blamed.
      prepare(data.prepare).then(() => {
        realm = guard(scope);
        tell({ kind: 'ready' });
      }, unable);
      return;
    }
    const { forgetAllocations, untouched } = (realm ??= guard(scope));
    forgetAllocations();
    const beats = setInterval(() => tell({ kind: 'beat' }), BEAT_MS);
    runCheck(data, untouched, tell, () => new Promise((resolve) => setTimeout(resolve)))
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
}

/** What a check needs most is there before the candidate, and has been used once: the parser's first source takes thrice as long as its second. */
async function prepare(language: Language): Promise<void> {
  if (language === 'python') await loadCode(() => Promise.all([loadPython(), import('../python/python-module.ts')]));
  else {
    await loadCode(() => import('@babel/parser'));
    await compileModule(REHEARSAL, 'rehearsal');
  }
}

/** Of the kind that people write. It is compiled and never runs. */
const REHEARSAL = `import type { AttentionFragment } from '../../engine/graph/index.ts';
const twice = (value: number, by = 2): number => value * by;
export default ((g, { layer, q }) => {
  for (let i = 0; i < layer.num_heads; i++) if (i > 3) break;
  return g.reshape(q, ['B', 'T', twice(layer.num_heads) * layer.head_dim] as number[]);
}) satisfies AttentionFragment;
`;

/** What stands between a candidate and the worker that others may need after it. */
interface Realm {
  forgetAllocations: () => void;
  untouched: Intrinsics;
}

/** Before a candidate waits for it: to note each object of the language takes milliseconds, and the first comparison too. */
function guard(scope: Record<string, unknown>): Realm {
  const forgetAllocations = limitAllocations(scope);
  scope['close'] = () => {
    throw new TypeError('`close` ends the worker in which everything runs.');
  };
  const untouched = new Intrinsics(scope);
  untouched.restore();
  return { forgetAllocations, untouched };
}
