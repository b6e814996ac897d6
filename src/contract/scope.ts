/** What a caller may do, as one ladder: each scope implies those before it. Who has which is said by a `Principal`; this is the one check. */
import { z } from 'zod';
import { ApiError } from './errors.ts';

/** From the least to the most, with what each opens. */
export const SCOPES = {
  read: 'Looks: state, code, examples, results that are kept.',
  run: 'Computes with what serves: tokenize, forward, generate, plans, experiments; and ends such runs.',
  patch:
    'Changes what serves: code, policy, memory plan, tokenizer; runs scripts and candidates. Code runs in the worker and could do more.',
  admin: 'Swaps the model, and gives out and revokes tokens.',
} as const;

export type Scope = keyof typeof SCOPES;
export const scopes = Object.keys(SCOPES) as [Scope, ...Scope[]];

/** Those that a token has, or a script runs with. */
export const grantedScopes = z
  .array(z.enum(scopes))
  .min(1)
  .max(scopes.length)
  .meta({ description: `Each implies those before it: ${scopes.map((scope) => `\`${scope}\``).join(', ')}.` });

/** The header by which a request asks for no more than some scopes, separated by spaces: `x-scopes: read run`. */
export const SCOPES_HEADER = 'x-scopes';

/** Who calls. A call without one is the host's own, and may do everything. */
export interface Principal {
  /** `page`: the workbench itself; `token`: whoever holds it; `script`: one that was asked to run with less. */
  readonly kind: 'page' | 'token' | 'script';
  /** Public id of the token. */
  readonly id: string | null;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: string | null;
}

/** The workbench itself, or anyone while no token is required. */
export const HOST: Principal = { kind: 'page', id: null, name: 'This page', scopes, expiresAt: null };

const rank = (scope: Scope): number => scopes.indexOf(scope);

/** A scope that there is not is opened by none. */
export const allows = (granted: readonly Scope[], needed: Scope): boolean =>
  scopes.includes(needed) && granted.some((scope) => rank(scope) >= rank(needed));

export const highest = (some: readonly Scope[]): Scope => scopes[Math.max(0, ...some.map(rank))]!;

/**
 * A caller who lends a call no more than it asks for.
 * @throws ApiError insufficient_scope where it asks for more than the caller has
 */
export function withLess(caller: Principal, asked: readonly Scope[], what: string): Principal {
  for (const scope of asked) assertScope(caller, scope, what);
  return { ...caller, scopes: asked };
}

/** @throws ApiError insufficient_scope, which names the scope that is missing */
export function assertScope({ kind, scopes: granted }: Principal, needed: Scope, what: string): void {
  if (allows(granted, needed)) return;
  const [who, advice] = {
    script: ['this script runs', 'run it with that scope'],
    token: ['the token came', 'use a token that has it'],
    page: ['the call was made', 'call with that scope'],
  }[kind];
  throw new ApiError(
    'insufficient_scope',
    `${what} needs the scope "${needed}"; ${who} with ${granted.map((scope) => `"${scope}"`).join(', ') || 'none'}.`,
    [{ path: 'scope', message: `needs "${needed}": ${advice}.` }],
  );
}
