/** Web Locks tell one realm that another has ended. Only secure pages have them, and where storage is denied every request is too. */

const manager = (): LockManager | undefined => globalThis.navigator?.locks as LockManager | undefined;

/** Held until this realm ends. `held` is called once it is so, and never where there are no locks to be had. */
export function holdLock(name: string, held: () => void): void {
  request(name, () => {
    held();
    return new Promise(() => {});
  });
}

/** Called once nobody holds the lock any more; never where there are none. */
export const whenUnlocked = (name: string, then: () => void): void => request(name, async () => then());

function request(name: string, granted: () => Promise<unknown>): void {
  manager()
    ?.request(name, granted)
    .catch(() => {});
}
