/** The code service: code resources that can be patched while they run, and scripts. */
import type { ScriptOutput } from '../../contract/code-run.ts';
import {
  ApiError,
  type CallContext,
  type Implementation,
  type Output,
  type ParsedInput,
  type ServiceState,
  type StreamEvent,
} from '../../contract/index.ts';
import type { Patching } from './patching.ts';
import type { Script, ScriptRunner } from './script-runner.ts';

type RunEvent = StreamEvent<'code', 'run'>;

export class CodeService implements Implementation<'code'> {
  readonly #patching: Patching | null;

  /** @param patching `null` where there are scripts only */
  constructor(
    private readonly scripts: ScriptRunner,
    patching: Patching | null = null,
  ) {
    this.#patching = patching;
  }

  state(): ServiceState<'code'> {
    return { ...this.scripts.counts, ...(this.#patching && { patched: this.#patching.revisionsInForce() }) };
  }

  resources(input: ParsedInput<'code', 'resources'>): Promise<Output<'code', 'resources'>> {
    return this.#patches.resources(input);
  }

  resource(input: ParsedInput<'code', 'resource'>): Promise<Output<'code', 'resource'>> {
    return this.#patches.resource(input);
  }

  patch(input: ParsedInput<'code', 'patch'>, context: CallContext): Promise<Output<'code', 'patch'>> {
    return this.#patches.patch(input, context);
  }

  remove(input: ParsedInput<'code', 'remove'>): Promise<Output<'code', 'remove'>> {
    return this.#patches.remove(input);
  }

  revisions(input: ParsedInput<'code', 'revisions'>): Promise<Output<'code', 'revisions'>> {
    return this.#patches.revisions(input);
  }

  revert(input: ParsedInput<'code', 'revert'>): Promise<Output<'code', 'revert'>> {
    return this.#patches.revert(input);
  }

  compareVersions(input: ParsedInput<'code', 'compareVersions'>, context: CallContext): Promise<Output<'code', 'compareVersions'>> {
    return this.#patches.compareVersions(input, context);
  }

  testResource(input: ParsedInput<'code', 'testResource'>, context: CallContext): Promise<Output<'code', 'testResource'>> {
    return this.#patches.testResource(input, context);
  }

  get #patches(): Patching {
    if (!this.#patching) throw new ApiError('not_found', 'Code resources are not served here: only scripts run.');
    return this.#patching;
  }

  async run(
    { stream, ...script }: ParsedInput<'code', 'run'>,
    context: CallContext,
  ): Promise<Output<'code', 'run'> | AsyncIterable<RunEvent>> {
    if (stream) return this.#stream(script, context);
    const output: ScriptOutput[] = [];
    const emit = (each: ScriptOutput) => {
      output.push(each);
      context.note?.(each);
    };
    const summary = await this.scripts.run(script, emit, context.signal ?? new AbortController().signal);
    return { ...summary, output };
  }

  /** Ends the script when its reader leaves. */
  async *#stream(script: Script, { signal: caller, emit }: CallContext): AsyncGenerator<RunEvent> {
    const gone = new AbortController();
    const waiting: RunEvent[] = [];
    let wake = () => {};
    const push = (event: RunEvent) => {
      waiting.push(event);
      wake();
    };
    let failure: unknown;
    let running = true;
    const end = () => {
      running = false;
      wake();
    };
    this.scripts
      // At once, where that can be: a loop without end that comes next would keep it here.
      .run(script, emit ?? push, caller ? AbortSignal.any([caller, gone.signal]) : gone.signal)
      .then((data) => push({ event: 'done', data }))
      .catch((error: unknown) => (failure = error))
      .finally(end);
    try {
      for (;;) {
        yield* waiting.splice(0);
        if (waiting.length > 0) continue;
        if (!running) break;
        await new Promise<void>((resolve) => (wake = resolve));
      }
      if (failure !== undefined) throw failure;
    } finally {
      gone.abort();
    }
  }
}
