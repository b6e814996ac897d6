/** The worker's way to the page, for the workbench alone: what patched code and scripts post would come in between, or flood the page. */

export interface PagePort {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  addEventListener(type: 'message' | 'messageerror', listener: (event: MessageEvent) => void): void;
  removeEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

/** @param scope of the worker, whose `postMessage` throws from now on */
export function takePagePort(scope: PagePort): PagePort {
  const post = scope.postMessage.bind(scope);
  const port: PagePort = {
    postMessage: (message, transfer = []) => post(message, transfer),
    addEventListener: scope.addEventListener.bind(scope),
    removeEventListener: scope.removeEventListener.bind(scope),
  };
  const refuse = () => {
    throw new TypeError('postMessage is the workbench’s own here: print, table and plot show what a script has to show.');
  };
  // In some browsers it is the scope's own, in others its prototype's.
  for (let at: object | null = scope; at; at = Object.getPrototypeOf(at) as object | null) {
    if (Object.hasOwn(at, 'postMessage')) Object.defineProperty(at, 'postMessage', { value: refuse, configurable: false, writable: false });
  }
  return port;
}
