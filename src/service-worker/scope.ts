/** The service worker's globals, typed by what is used of them: the page's types and a worker's can't be had in one program. */

export interface WindowClient {
  readonly id: string;
  readonly url: string;
  readonly visibilityState: 'hidden' | 'visible';
  postMessage(message: unknown, transfer?: Transferable[]): void;
}

interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

export interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  readonly clientId: string;
  readonly resultingClientId: string;
  respondWith(response: Promise<Response>): void;
}

export interface MessageFromPage extends ExtendableEvent {
  readonly data: unknown;
  readonly ports: readonly MessagePort[];
}

interface Scope {
  addEventListener(type: 'install', listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
  addEventListener(type: 'message', listener: (event: MessageFromPage) => void): void;
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: { type: 'window'; includeUncontrolled?: boolean }): Promise<WindowClient[]>;
  };
  readonly registration: { readonly active: object | null };
  skipWaiting(): Promise<void>;
  readonly location: { readonly href: string };
  importScripts(url: string): void;
}

export const scope = globalThis as unknown as Scope;

/** Absolute URL of the site's folder. */
export const base = new URL('./', scope.location.href);

/** Below that folder, without a slash at its start and without a query; as it is written where it can't be decoded. */
export function pathOf(url: string): string {
  const path = new URL(url).pathname.slice(base.pathname.length);
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
