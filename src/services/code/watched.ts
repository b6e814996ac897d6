/** Patched code that tells when it is at work: should it compute without end, the page knows which patch that is. */
import { currentWork } from '../../engine/index.ts';
import { changedBy, intrinsics } from '../../environment/intrinsics.ts';
import type { PatchName, Work } from '../../environment/work.ts';

export const workOf = ({ id, revisionId }: PatchName): Work => ({
  kind: 'patch',
  what: `the patch of ${id} (revision ${revisionId.slice(0, 8)})`,
  patch: { id, revisionId },
});

/** The export with every function of it watched; what is no function stays as it is. */
export function watched<T>(exported: T, work: Work): T {
  if (typeof exported === 'function') return watchedFunction(exported as never, undefined, work) as T;
  if (typeof exported !== 'object' || exported === null) return exported;
  return watchedObject(exported, work);
}

type Callable = (this: unknown, ...args: unknown[]) => unknown;

/** @param self whose method it is; left out, whoever calls */
function watchedFunction(call: Callable, self: object | undefined, work: Work): Callable {
  let calls = 0;
  return function (...args) {
    currentWork.enter(work);
    let result: unknown;
    try {
      result = call.apply(self ?? this, args);
    } finally {
      currentWork.leave(work);
    }
    if (isLookedAt(++calls)) {
      const changed = changedBy(`In its call ${calls} it`, intrinsics().restore());
      if (changed !== null) throw new Error(changed);
    }
    return result;
  };
}

/** Calls after which it is asked whether the language is as it was: a look takes a tenth of a millisecond, a call a few microseconds. */
const isLookedAt = (calls: number): boolean => (calls & (calls - 1)) === 0 || calls % 4096 === 0;

/** Methods run on the object itself, so that its private fields are in reach; what `create` makes is watched like it. */
function watchedObject<T extends object>(source: T, work: Work): T {
  const seen = Object.create(source) as T;
  for (const name of methodsOf(source)) {
    const method = watchedFunction(source[name as keyof T] as Callable, source, work);
    const value: Callable = name === 'create' ? (...args) => watched(method(...args), work) : method;
    Object.defineProperty(seen, name, { value, enumerable: true });
  }
  return seen;
}

/** Own ones and those of its class. */
function methodsOf(source: object): Set<string> {
  const names = new Set<string>();
  for (let at: object | null = source; at && at !== Object.prototype; at = Object.getPrototypeOf(at) as object | null)
    for (const name of Object.getOwnPropertyNames(at))
      if (name !== 'constructor' && typeof (source as Record<string, unknown>)[name] === 'function') names.add(name);
  return names;
}
