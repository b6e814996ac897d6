/**
 * What a tab is at, by name, for the other tabs of this site to see: what they find noted may be the work of one that still lives.
 *
 * A lock is held as long as it goes on, and ends with its realm, however that ends. Where there are no locks, living realms answer.
 */
import { heldLocks, takeLock } from './locks.ts';

const CHANNEL = 'glassbox-presence';
/** A page that starts is busy; one that lives answers within this time. */
const ANSWER_MS = 1500;

type Message = { asked: readonly string[] } | { present: readonly string[] };

const here = new Set<string>();
let listening: BroadcastChannel | null = null;

/** Seen until what it resolves to is called, or this realm ends. */
export async function bePresent(name: string): Promise<() => void> {
  here.add(name);
  listening ??= openChannel(({ asked }, channel) => {
    const present = asked.filter((each) => here.has(each));
    if (present.length > 0) channel.postMessage({ present } satisfies Message);
  });
  const release = await takeLock(name);
  return () => {
    here.delete(name);
    release();
  };
}

/** Those of the names that are present somewhere. */
export async function presentOf(names: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set(names.filter((name) => here.has(name)));
  if (found.size === names.length) return found;
  const held = await heldLocks();
  if (held) return new Set(names.filter((name) => found.has(name) || held.has(name)));
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      channel?.close();
      resolve(found);
    };
    const timer = setTimeout(end, ANSWER_MS);
    const channel = openChannel(({ present }) => {
      for (const name of present) if (names.includes(name)) found.add(name);
      if (found.size === names.length) end();
    });
    if (channel) channel.postMessage({ asked: names } satisfies Message);
    else end();
  });
}

/** `null` where the browser has none for this site. */
function openChannel(onMessage: (message: { asked: readonly string[]; present: readonly string[] }, channel: BroadcastChannel) => void) {
  try {
    const channel = new BroadcastChannel(CHANNEL);
    channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      // Any page of this origin may post here, and another version of this one.
      const { asked, present } = Object(data) as Partial<Record<string, unknown>>;
      onMessage({ asked: textsIn(asked), present: textsIn(present) }, channel);
    });
    return channel;
  } catch {
    return null;
  }
}

const textsIn = (list: unknown): string[] => (Array.isArray(list) ? list.filter((each) => typeof each === 'string') : []);
