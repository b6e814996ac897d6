/** As whom a script calls: no more than who runs it, less where it was asked to run with less. A rule for honest code, and no sandbox. */
import { allows, ApiError, HOST, type Principal, type Scope, withLess } from '../../contract/index.ts';

/**
 * `undefined`: everything goes, since nobody asked for less.
 * @throws ApiError insufficient_scope for more than who runs it may
 */
export function scriptCaller(name: string, asked: readonly Scope[] | undefined, runBy: Principal | undefined): Principal | undefined {
  const by = runBy ?? HOST;
  // A call of the page that was made with less is one with less.
  if (!asked && by.kind === 'page' && allows(by.scopes, 'admin')) return undefined;
  return { ...withLess(by, asked ?? by.scopes, `The script “${name}”`), kind: 'script', name };
}

/** The objects themselves ask nobody who calls. */
export function withheld(objects: Readonly<Record<string, unknown>>): object {
  const refused = () => {
    throw new ApiError('insufficient_scope', '`services` is out of reach of a script that runs with less: call through `client`.');
  };
  return Object.defineProperties({}, Object.fromEntries(Object.keys(objects).map((name) => [name, { get: refused, enumerable: true }])));
}
