/** The header by which a request asks for no more than some scopes, separated by spaces: `x-scopes: read run`. */
import { ApiError, grantedScopes, type Scope } from '../../contract/index.ts';

export const LESS = 'x-scopes';

/**
 * `null`: it asks for nothing less.
 * @throws ApiError validation_failed
 */
export function scopesOf({ headers }: Request): Scope[] | null {
  const asked = headers.get(LESS);
  if (asked === null) return null;
  const read = grantedScopes.safeParse(asked.split(' '));
  if (read.success) return read.data;
  const message = `must be scopes with spaces between: ${grantedScopes.description}`;
  throw new ApiError('validation_failed', `The header ${LESS} ${message}`, [{ path: LESS, message }]);
}
