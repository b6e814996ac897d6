/** With how much a request asks to be content. */
import { ApiError, grantedScopes, type Scope, SCOPES_HEADER } from '../../contract/index.ts';

/**
 * `null`: it asks for nothing less.
 * @throws ApiError validation_failed
 */
export function scopesOf({ headers }: Request): Scope[] | null {
  const asked = headers.get(SCOPES_HEADER);
  if (asked === null) return null;
  const read = grantedScopes.safeParse(asked.split(' '));
  if (read.success) return read.data;
  const message = `must be scopes with spaces between: ${grantedScopes.description}`;
  throw new ApiError('validation_failed', `The header ${SCOPES_HEADER} ${message}`, [{ path: SCOPES_HEADER, message }]);
}
