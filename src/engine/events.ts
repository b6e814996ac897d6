/** What live panels hear from the engine. */
import { Listeners } from '../environment/listeners.ts';
import type { EngineConfig } from './config.ts';
import type { StepRecord } from './decision.ts';
import type { FinishReason } from './sequence.ts';

export type EngineEvent =
  | { readonly type: 'arrived'; readonly requestId: string; readonly timeMs: number }
  | { readonly type: 'refused'; readonly requestId: string; readonly timeMs: number; readonly reason: string }
  | { readonly type: 'finished'; readonly requestId: string; readonly timeMs: number; readonly finishReason: FinishReason }
  | { readonly type: 'step'; readonly record: StepRecord }
  /** A run rejected; the sequences of its batch are replayed from their tokens or end. */
  | {
      readonly type: 'run_failed';
      readonly timeMs: number;
      readonly message: string;
      readonly recovered: boolean;
      readonly replayed: readonly string[];
    }
  /** Patched code threw or gave nonsense; the built-in rule stood in. */
  | { readonly type: 'patched_code_failed'; readonly timeMs: number; readonly resource: string; readonly message: string }
  /** A tier refused a block and is closed until it is configured again. */
  | { readonly type: 'tier_failed'; readonly timeMs: number; readonly tier: string; readonly message: string }
  | {
      readonly type: 'runner_replaced';
      readonly timeMs: number;
      readonly weightsHash: string;
      readonly replayed: readonly string[];
      readonly ended: readonly string[];
    }
  | { readonly type: 'revision_changed'; readonly timeMs: number; readonly codeRevision: string; readonly replayed: readonly string[] }
  | { readonly type: 'config_changed'; readonly timeMs: number; readonly config: EngineConfig }
  /** Blocks were allocated or freed outside of a step. */
  | { readonly type: 'memory_changed'; readonly timeMs: number };

export type EngineListener = (event: EngineEvent) => void;

/** Who listens. A listener that throws is not the engine's failure. */
export class EventHub {
  readonly #listeners = new Listeners<EngineListener>();
  readonly subscribe = this.#listeners.subscribe;

  emit(event: EngineEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (thrown) {
        console.error(thrown);
      }
    }
  }
}
