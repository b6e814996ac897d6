/** What a run in Python reaches of the worker: calls, what it shows, and turns. Python's side of it is `glassbox/page.py`. */
import { ApiError } from '../../../contract/index.ts';
import type { ScriptOutputs } from '../script-outputs.ts';
import { stopped } from '../stoppable.ts';
import { packed, type Packed, packedProblem, unpacked } from './crossing.ts';
import type { Turns } from './turns.ts';

/** Calls by the words of the contract. `restful`: over HTTP's form, with the envelope as the answer. */
export interface NamedCalls {
  call(method: string, service: string, path: string, input: object, restful: boolean): Promise<unknown>;
  /** Where there is no hop: the result itself, or its promise; may throw. */
  invoke(method: string, service: string, path: string, input: object): unknown;
  stream(service: string, path: string, input: object, restful: boolean): AsyncIterable<{ event: string; data: unknown }>;
}

/** Links in the chain of promises of a service that looks something up. */
const SOON = 24;

export class ScriptHost {
  #result: unknown = null;
  #asked = 0;
  readonly #pending = new Map<number, Promise<string | Packed>>();
  readonly #open = new Set<AsyncIterator<unknown>>();

  constructor(
    private readonly calls: NamedCalls,
    private readonly outputs: ScriptOutputs,
    private readonly turns: Turns,
    private readonly signal: AbortSignal,
  ) {}

  /** Text, or what holds more than text; never rejects, so that no error is made that Python would make again. */
  readonly call = async (
    method: string,
    service: string,
    path: string,
    input: string,
    restful: boolean,
    buffers?: unknown[],
  ): Promise<string | Packed> => {
    try {
      return packed(await this.calls.call(method, service, path, unpacked(input, buffers) as object, restful));
    } catch (error) {
      return packedProblem(error);
    } finally {
      // What the services took is no time of the script's.
      this.turns.passed();
    }
  };

  /** The direct call: its answer where that is there at once, else a number by which it is asked for. */
  readonly quick = (method: string, service: string, path: string, input: string, buffers?: unknown[]): string | Packed | number => {
    try {
      const result = this.calls.invoke(method, service, path, unpacked(input, buffers) as object);
      if (!(result instanceof Promise)) return packed(result);
      this.#pending.set(++this.#asked, result.then(packed, packedProblem));
      return this.#asked;
    } catch (error) {
      return packedProblem(error);
    }
  };

  /** What settles before anything else has its turn, so that Python need not go through its event loop for it; else null. */
  readonly soon = async (asked: number): Promise<string | Packed | null> => {
    let answer: string | Packed | null = null;
    void this.#pending.get(asked)!.then((value) => (answer = value));
    // A turn of the queue of promises each.
    for (let i = 0; i < SOON && answer === null; i++) await Promise.resolve();
    if (answer !== null) this.#pending.delete(asked);
    return answer;
  };

  readonly later = async (asked: number): Promise<string | Packed> => {
    const answer = await this.#pending.get(asked)!;
    this.#pending.delete(asked);
    return answer;
  };

  readonly stream = (service: string, path: string, input: string, restful: boolean, buffers: unknown[]) => {
    const events = this.calls.stream(service, path, unpacked(input, buffers) as object, restful)[Symbol.asyncIterator]();
    this.#open.add(events);
    return {
      next: async (): Promise<string | Packed | null> => {
        try {
          const { done, value } = await events.next();
          if (!done) return packed([value.event, value.data]);
          this.#open.delete(events);
          return null;
        } catch (error) {
          this.#open.delete(events);
          return packedProblem(error);
        } finally {
          this.turns.passed();
        }
      },
      end: (): void => {
        this.#open.delete(events);
        void end(events);
      },
    };
  };

  readonly print = (level: 'log' | 'warn' | 'error', text: string, buffers: unknown[]): void => {
    const { print } = this.outputs;
    (level === 'log' ? print : print[level])(...(unpacked(text, buffers) as unknown[]));
  };

  readonly table = (text: string, buffers: unknown[]): void => {
    const { rows, ...options } = unpacked(text, buffers) as { rows: object[]; title: string | null; columns?: string[] };
    this.outputs.table(rows, options as never);
  };

  readonly plot = (text: string, buffers: unknown[]): void => this.outputs.plot(unpacked(text, buffers) as never);

  readonly picture = (bytes: Uint8Array, kind: string, title: string | null): void => this.outputs.picture(bytes, kind, title);

  readonly result = (text: string, buffers: unknown[]): void => {
    this.#result = unpacked(text, buffers);
  };

  /** Why the script is to end, after the worker had its turn. */
  readonly breathe = async (): Promise<string | null> => {
    await this.turns.breathe();
    return this.#why();
  };

  readonly without_breath = (): string | null => this.#why() ?? this.turns.overdue();

  /** For a script that catches everything that ends it: it stays where it is. */
  readonly never = (): Promise<never> => new Promise<never>(() => {});

  get lastValue(): unknown {
    return this.#result;
  }

  /** Of a script that has no say in it any more. */
  endStreams(): void {
    for (const events of this.#open) void end(events);
    this.#open.clear();
  }

  #why(): string | null {
    return this.signal.aborted ? stopped().message : null;
  }
}

const end = (events: AsyncIterator<unknown>): Promise<unknown> =>
  Promise.resolve(events.return?.()).catch((error: unknown) => ApiError.from(error));
