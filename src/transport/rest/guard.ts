/** Who may call over REST: a bearer token (RFC 6750) where tokens are required, and the challenge that goes with a refusal. */
import { ApiError, assertScope, HOST, type Principal, type Route, withLess } from '../../contract/index.ts';
import { scopesOf } from './less.ts';

export interface Guard {
  /** Off: every caller is let in, and what it sends as a token is not looked at. */
  readonly required: boolean;
  /** @throws ApiError unauthenticated */
  authenticate(token: string): Promise<Principal>;
}

const BEARER = /^bearer +([\w.~+/-]+=*)$/i;
const REALM = 'Bearer realm="glassbox"';

/**
 * The caller, who may call this, with no more than the request asks for; `undefined` where nobody is asked.
 * @param known who calls, where that needs no token
 * @throws ApiError unauthenticated, insufficient_scope, validation_failed
 */
export async function admit(guard: Guard, request: Request, { endpoint, path }: Route, known?: Principal): Promise<Principal | undefined> {
  const caller = known ?? (await bearerOf(guard, request));
  const less = scopesOf(request);
  const principal = less ? withLess(caller ?? HOST, less, 'The request') : caller;
  if (principal) assertScope(principal, endpoint.scope, `${endpoint.method} ${path}`);
  return principal;
}

async function bearerOf(guard: Guard, request: Request): Promise<Principal | undefined> {
  if (!guard.required) return undefined;
  const token = BEARER.exec(request.headers.get('authorization') ?? '')?.[1];
  if (token === undefined) {
    const what = request.headers.has('authorization') ? 'the header holds no bearer token' : 'there is no such header';
    throw new ApiError('unauthenticated', `This workbench requires a token, as the header Authorization: Bearer gbx_…; ${what}.`, [
      { path: 'Authorization', message: `${what}.` },
    ]);
  }
  return guard.authenticate(token);
}

/** What `WWW-Authenticate` says of a refusal: `null` for what is none. */
export function challenge({ code, message }: ApiError, request: Request, { endpoint }: Route): string | null {
  if (code === 'insufficient_scope')
    return `${REALM}, error="insufficient_scope", error_description="${quotable(message)}", scope="${endpoint.scope}"`;
  if (code !== 'unauthenticated') return null;
  // Whoever sent none has made no mistake yet.
  const sent = BEARER.test(request.headers.get('authorization') ?? '');
  return sent ? `${REALM}, error="invalid_token", error_description="${quotable(message)}"` : REALM;
}

/** RFC 6750 allows no quotes, backslashes or characters beyond ASCII there. */
const quotable = (text: string): string => text.replaceAll('"', "'").replaceAll(/[^\x20-\x5B\x5D-\x7E]/g, '');
