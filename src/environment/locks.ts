/** Web Locks tell one realm that another has ended. Only secure pages have them, and where storage is denied every request is too. */

const manager = (): LockManager | undefined => globalThis.navigator?.locks as LockManager | undefined;

/** Held until this realm ends. `held` is called once it is so, and never where there are no locks to be had. */
export function holdLock(name: string, held: () => void): void {
  void request(name, () => {
    held();
    return new Promise(() => {});
  });
}

/** Called once nobody holds the lock any more; never where there are none. */
export const whenUnlocked = (name: string, then: () => void): void => void request(name, async () => then());

/** Resolves once it is held, to what lets it go; where there are no locks at once, to what does nothing. */
export function takeLock(name: string): Promise<() => void> {
  return new Promise((resolve) => {
    void request(name, () => new Promise((release) => resolve(() => release(undefined)))).then(() => resolve(() => {}));
  });
}

/** The names of all that are held in this site's realms; `null` where there are no locks. */
export async function heldLocks(): Promise<ReadonlySet<string> | null> {
  try {
    const locks = await manager()?.query();
    return locks ? new Set(locks.held?.flatMap(({ name }) => name ?? [])) : null;
  } catch {
    return null;
  }
}

/** Settles when it is let go, or there is none. */
async function request(name: string, granted: () => Promise<unknown>): Promise<void> {
  try {
    await manager()?.request(name, granted);
  } catch {
    // Denied.
  }
}
