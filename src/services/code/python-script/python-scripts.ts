/** Scripts in Python: the interpreter that they run in, and each run of it. */
import type { PreparedScript } from '../prepared-script.ts';
import type { ScriptOutputs } from '../script-outputs.ts';
import { invalidCode, type Position } from '../syntax.ts';
import { ApiError, type ErrorItem, type Principal } from '../../../contract/index.ts';
import { highest, type Scope, scopes } from '../../../contract/scope.ts';
import { messageOf } from '../../../environment/thrown.ts';
import { failedScript } from '../prepared-script.ts';
import { Interpreter } from './interpreter.ts';
import { type NamedCalls, ScriptHost } from './script-host.ts';

interface PythonScript {
  source: string;
  name: string;
  caller?: Principal | undefined;
}

interface Outcome {
  error?: { message: string; place: [number, number] | null; errors?: ErrorItem[]; missing?: string };
}

/** Of whoever runs a script as themselves. */
const MOST = highest(scopes);

export class PythonScripts {
  /** By the highest scope of who runs in it: a script may leave things to the next one in the same interpreter, and none with more may find them. */
  readonly #interpreters = new Map<Scope, Promise<Interpreter>>();
  #runs = 0;

  /** @param callsFor the calls of whoever the script runs for */
  constructor(private readonly callsFor: (signal: AbortSignal, caller: Principal | undefined) => NamedCalls) {}

  /** So that the first script need not wait for it. */
  warmUp(): Promise<unknown> {
    return this.#interpreter(MOST);
  }

  async prepare({ source, name, caller }: PythonScript, outputs: ScriptOutputs, signal: AbortSignal): Promise<PreparedScript> {
    const scope = caller ? highest(caller.scopes) : MOST;
    const interpreter = await this.#interpreter(scope);
    const host = new ScriptHost(this.callsFor(signal, caller), outputs, interpreter.turns, signal);
    const filename = `glassbox_script_${++this.#runs}.py`;
    return {
      run: async () => {
        interpreter.turns.begin();
        try {
          return await this.#run(interpreter, host, { source, name, filename }, signal);
        } finally {
          interpreter.turns.end();
          host.endStreams();
          this.#letGo(interpreter, scope);
        }
      },
      explain: (error) => (error instanceof ApiError ? error : invalidCode(name, [{ position: null, message: messageOf(error) }], error)),
    };
  }

  async #run(
    interpreter: Interpreter,
    host: ScriptHost,
    { source, name, filename }: { source: string; name: string; filename: string },
    signal: AbortSignal,
  ): Promise<unknown> {
    const run = interpreter.start(host, source, filename);
    const stop = () => !interpreter.isEnded && run.stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      const ended = interpreter.ended.then((why): Outcome => ({ error: { message: why, place: null } }));
      const told = run.outcome().then((text) => JSON.parse(text) as Outcome);
      // An interpreter that ends may fail a promise on its way.
      const outcome = await Promise.race([told.catch(orSoon(ended)), ended]);
      if (outcome.error) throw problemOf(name, outcome.error);
      return host.lastValue;
    } finally {
      signal.removeEventListener('abort', stop);
      if (!interpreter.isEnded) run.destroy();
    }
  }

  #interpreter(scope: Scope): Promise<Interpreter> {
    const known = this.#interpreters.get(scope);
    if (known) return known;
    const loading = Interpreter.load();
    this.#interpreters.set(scope, loading);
    const forget = () => this.#interpreters.get(scope) === loading && this.#interpreters.delete(scope);
    loading.then((interpreter) => void interpreter.ended.then(forget), forget);
    return loading;
  }

  #letGo(interpreter: Interpreter, scope: Scope): void {
    if (!interpreter.turns.isIdle || !(interpreter.isEnded || interpreter.isBloated)) return;
    this.#interpreters.delete(scope);
    // So that the next script need not wait for it.
    this.#interpreter(scope).catch(() => {});
  }
}

/** So long the end of an interpreter may come after a failure that it is the cause of. */
const SOON_MS = 500;

const orSoon =
  <T>(ended: Promise<T>) =>
  (failure: unknown): Promise<T> =>
    Promise.race([ended, new Promise<never>((_, reject) => setTimeout(() => reject(failure as Error), SOON_MS))]);

function problemOf(name: string, { message, place, errors = [], missing }: NonNullable<Outcome['error']>): ApiError {
  const position: Position | null = place && { line: place[0], column: place[1] };
  const hint = missing ? `${message}. What this page's Python has is the standard library and \`glassbox\`.` : message;
  return failedScript(invalidCode(name, [{ position, message: hint }]), position, errors);
}
