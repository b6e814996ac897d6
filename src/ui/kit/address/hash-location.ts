/** Routes live behind `#`, because static hosts have no fallback; unlike wouter's own hook this one keeps `?…` inside the hash. */
import { useSyncExternalStore } from 'react';

/** What stands behind `#`, split at the first `?`. */
export function parseHash(hash: string): { path: string; search: string } {
  const route = `/${hash.replace(/^#?\/?/, '')}`;
  const mark = route.indexOf('?');
  return mark < 0 ? { path: route, search: '' } : { path: route.slice(0, mark), search: route.slice(mark + 1) };
}

/** Without its escapes; null where they are broken, as in a link that was cut off. */
export function unescaped(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** A part of a path as text; as it stands where its escapes are broken, so that a broken link is an unknown name and no failure. */
export function pathPart(path: string, index: number): string {
  const part = path.split('/')[index] ?? '';
  return unescaped(part) ?? part;
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

export function navigate(to: string, options: { replace?: boolean } = {}): void {
  const oldURL = location.href;
  const hash = `#/${to.replace(/^#?\/?/, '')}`;
  history[options.replace ? 'replaceState' : 'pushState'](null, '', hash);
  dispatchEvent(new HashChangeEvent('hashchange', { oldURL, newURL: location.href }));
}

/** wouter's `hook`. */
export function useHashPath(): [string, typeof navigate] {
  return [useSyncExternalStore(subscribe, () => parseHash(location.hash).path), navigate];
}
useHashPath.hrefs = (href: string) => `#${href}`;

/** wouter's `searchHook`. */
export function useHashSearch(): string {
  return useSyncExternalStore(subscribe, () => parseHash(location.hash).search);
}
