/** Runs research scripts in the worker, where a call of a service is a function call; shows what they show, ends them when told. */
import type { ScriptLanguage, ScriptOutput, ScriptSummary } from '../../contract/code-run.ts';
import { ApiError, type Principal } from '../../contract/index.ts';
import { currentWork } from '../../engine/index.ts';
import { changedBy, sharedIntrinsics } from '../../environment/intrinsics.ts';
import type { Work } from '../../environment/work.ts';
import { compileScript, type CompiledScript } from './compile-script.ts';
import { failedScript, type PreparedScript } from './prepared-script.ts';
import type { PythonScripts } from './python-script/python-scripts.ts';
import { ScriptOutputs } from './script-outputs.ts';
import { shown } from './shown-value.ts';
import { placeOf, stopped } from './stoppable.ts';
import { invalidCode } from './syntax.ts';

export interface Script {
  source: string;
  language: ScriptLanguage;
  name: string;
  /** Whose calls its are, where it may less than everything. */
  caller?: Principal | undefined;
}

/** Frames kept of a stack: the script is the outermost caller. V8 keeps 10 unless told. */
const STACK_FRAMES = 50;

/**
 * @example
 * // Where everything meets:
 * new ScriptRunner((signal) => {
 *   const client = new Client({ direct: stoppable(localTransport(operations), signal), restful: stoppable(restful, signal) });
 *   client.enableRestfulMode(false);
 *   return { client, ...rolesOf(client) };
 * });
 */
export class ScriptRunner {
  #running = 0;
  #finished = 0;

  /** @param reachFor what a script can name, beside `print`, `table`, `plot` and `signal`; made for each run, so that none can disturb another */
  constructor(
    private readonly reachFor: (signal: AbortSignal, caller: Principal | undefined) => Readonly<Record<string, unknown>>,
    private readonly python: Pick<PythonScripts, 'prepare'> | null = null,
  ) {
    if (Error.stackTraceLimit < STACK_FRAMES) Error.stackTraceLimit = STACK_FRAMES;
  }

  /** Scripts that run now, and those that ended. */
  get counts(): { running: number; finished: number } {
    return { running: this.#running, finished: this.#finished };
  }

  /**
   * Runs a script to its end.
   * @throws ApiError code_invalid (syntax, or what the script threw; with line and column), cancelled
   */
  async run(script: Script, emit: (output: ScriptOutput) => void, signal: AbortSignal): Promise<ScriptSummary> {
    const outputs = new ScriptOutputs(emit, () => signal.throwIfAborted());
    const prepared = await this.#prepare(script, outputs, signal);
    if (signal.aborted) throw stopped();
    this.#running++;
    const work: Work = { kind: 'script', what: `the script “${script.name}”`, patch: null };
    const untouched = sharedIntrinsics();
    try {
      const start = performance.now();
      const running = currentWork.throughout(work, () => prepared.run());
      const result = await untilAborted(running, signal);
      const changed = changedBy(this.#running > 1 ? 'This script, or another that runs beside it,' : 'The script', untouched.restore());
      if (changed !== null) throw new Error(changed);
      return {
        name: script.name,
        duration_ms: performance.now() - start,
        result: shown(result),
        prints: outputs.prints,
        left_out: outputs.leftOut,
      };
    } catch (error) {
      untouched.restore();
      throw signal.aborted ? stopped() : prepared.explain(error);
    } finally {
      // Timers that it has set.
      currentWork.end(work);
      this.#running--;
      this.#finished++;
    }
  }

  async #prepare({ source, language, name, caller }: Script, outputs: ScriptOutputs, signal: AbortSignal): Promise<PreparedScript> {
    if (language === 'python') {
      if (!this.python) throw new ApiError('conflict', 'This workbench runs no scripts in Python.');
      return this.python.prepare({ source, name, caller }, outputs, signal);
    }
    const { print, table, plot } = outputs;
    const reach = { ...this.reachFor(signal, caller), print, table, plot, signal };
    const compiled = await compileScript(source, language, name, Object.keys(reach));
    return { run: () => compiled.run(...Object.values(reach)), explain: (error) => thrownBy(name, compiled, error) };
  }
}

/** Settles with the script, or as soon as it is told to stop: what it still computes by itself nobody waits for. */
function untilAborted(running: Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(stopped());
    signal.addEventListener('abort', abort, { once: true });
    running.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function thrownBy(name: string, compiled: CompiledScript, error: unknown): ApiError {
  const position = compiled.positionIn(error instanceof Error ? error.stack : undefined) ?? compiled.positionIn(placeOf(error));
  const message =
    error instanceof ApiError
      ? `${error.code}: ${error.message}`
      : error instanceof Error
        ? `${error.name}: ${error.message}`
        : `threw ${JSON.stringify(shown(error))}`;
  const problem = invalidCode(name, [{ position, message }], error);
  return failedScript(problem, position, error instanceof ApiError ? error.errors : []);
}
