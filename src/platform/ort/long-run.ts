/** What the runtime does may hold its thread for long, since WASM computes on the thread that asks: it says so before. */
import { currentWork } from '../../engine/current-work.ts';
import type { Work } from '../../environment/work.ts';

/** Multiplications below which a pass ends within about a tenth of a second on one thread; telling costs more than those are worth. */
const SHORT = 1e9;

/** @param parameters of the model, or what stands for them */
export function longRun<T>(tokens: number, parameters: number, run: () => Promise<T>): Promise<T> {
  if (tokens * parameters < SHORT) return run();
  return currentWork.throughout({ kind: 'runtime', what: `a forward pass of ${tokens} tokens`, patch: null }, run);
}

const BUILDING: Work = { kind: 'runtime', what: 'building the model', patch: null };

export const building = <T>(build: () => Promise<T>): Promise<T> => currentWork.throughout(BUILDING, build);
