/** As whom a script calls: no more than who runs it, less where it was asked to run with less. A rule for honest code, and no sandbox. */
import { ApiError, assertScope, type Principal, type Scope } from '../../contract/index.ts';

/**
 * `undefined`: everything goes, since nobody asked for less.
 * @throws ApiError insufficient_scope for more than who runs it may
 */
export function scriptCaller(name: string, asked: readonly Scope[] | undefined, runBy: Principal | undefined): Principal | undefined {
  const isWhole = !runBy || runBy.kind === 'page';
  if (isWhole && !asked) return undefined;
  if (!isWhole) for (const scope of asked ?? []) assertScope(runBy, scope, `The script “${name}”`);
  return { kind: 'script', id: runBy?.id ?? null, name, scopes: asked ?? runBy!.scopes, expiresAt: runBy?.expiresAt ?? null };
}

/** The objects themselves ask nobody who calls. */
export function withheld(objects: Readonly<Record<string, unknown>>): object {
  const refused = () => {
    throw new ApiError('insufficient_scope', '`services` is out of reach of a script that runs with less: call through `client`.');
  };
  return Object.defineProperties({}, Object.fromEntries(Object.keys(objects).map((name) => [name, { get: refused, enumerable: true }])));
}
