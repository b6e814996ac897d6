/** With how much a call, or a script, is asked to be content: what a select offers, and the option of the call that it makes. */
import { type Scope, scopes } from '../../contract/index.ts';

/** All that the page has. */
export const EVERYTHING = 'admin' satisfies Scope;

export const SCOPE_CHOICES = scopes.map((scope, index) => ({
  value: scope,
  label: scope === EVERYTHING ? 'do everything' : scopes.slice(0, index + 1).join(', '),
}));

/** Left out where everything goes. */
export const scopesOf = (scope: Scope): { scopes?: Scope[] } => (scope === EVERYTHING ? {} : { scopes: [scope] });
