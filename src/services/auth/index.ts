/** The auth service: who calls, tokens given out and revoked, and what the RESTful transport's guard asks. */
import {
  ApiError,
  type CallContext,
  HOST,
  type Implementation,
  type Output,
  type ParsedInput,
  type Principal,
  scopes,
  type ServiceState,
} from '../../contract/index.ts';
import type { TokenRecord } from '../../contract/auth.ts';
import type { RecordStore } from '../../environment/record-store.ts';
import { hashOf, idOf, isSameHash, newToken } from '../../contract/token.ts';
import { type KeptToken, stateOf, TokenStore } from './token-store.ts';

export interface AuthOptions {
  /** Whether the RESTful transport asks for a token from the start. */
  required?: boolean;
  /** The token of the page that opened the workbench, which ends with it. */
  session?: string | null;
}

/** Compared with where no token has the id, so that this takes no less time. */
const NOBODY = hashOf('');

export class AuthService implements Implementation<'auth'> {
  readonly #tokens: TokenStore;
  readonly #session: string | null;
  /** Set by the host alone: no caller can switch it off. */
  required: boolean;

  constructor(records: RecordStore<KeptToken>, { required = false, session = null }: AuthOptions = {}) {
    this.#tokens = new TokenStore(records);
    this.#session = session === null ? null : hashOf(session);
    this.required = required;
  }

  /**
   * Who holds a token.
   * @throws ApiError unauthenticated, which never repeats what was sent
   */
  async authenticate(token: string): Promise<Principal> {
    const hash = hashOf(token);
    if (this.#session !== null && isSameHash(hash, this.#session)) return HOST;
    const id = idOf(token);
    if (id === null) throw refused('It is not whole: a token is gbx_ and 57 more characters. Copy it again.');
    const kept = await this.#tokens.find(id);
    if (!isSameHash(hash, kept?.hash ?? NOBODY) || !kept) throw refused('Nobody here gave it out. Ask for another one.');
    const state = stateOf(kept);
    if (state !== 'active')
      throw refused(
        `${id} ${state === 'revoked' ? `was revoked at ${kept.revoked_at}` : `ended at ${kept.expires_at}`}. Ask for another one.`,
      );
    await this.#tokens.noteUse(kept);
    return { kind: 'token', id, name: kept.name, scopes: kept.scopes, expiresAt: kept.expires_at };
  }

  async state(): Promise<ServiceState<'auth'>> {
    const states = (await this.#tokens.list()).map(stateOf);
    const active = states.filter((state) => state === 'active').length;
    return { required: this.required, active_tokens: active, ended_tokens: states.length - active };
  }

  whoami(_: ParsedInput<'auth', 'whoami'>, { principal = HOST }: CallContext): Output<'auth', 'whoami'> {
    const { kind, id, name, scopes: granted, expiresAt } = principal;
    return { kind, id, name, scopes: [...granted], expires_at: expiresAt };
  }

  async tokens(): Promise<Output<'auth', 'tokens'>> {
    return { tokens: (await this.#tokens.list()).map(described) };
  }

  async createToken({ name, scopes: asked, expires_in_s }: ParsedInput<'auth', 'createToken'>): Promise<Output<'auth', 'createToken'>> {
    const { token, id, hash } = newToken();
    const now = Date.now();
    const kept: KeptToken = {
      ...{ id, name, hash, scopes: scopes.filter((scope) => asked.includes(scope)) },
      created_at: new Date(now).toISOString(),
      expires_at: expires_in_s === undefined ? null : new Date(now + expires_in_s * 1000).toISOString(),
      ...{ last_used_at: null, revoked_at: null },
    };
    await this.#tokens.add(kept);
    return { ...described(kept), token };
  }

  async revokeToken({ id }: ParsedInput<'auth', 'revokeToken'>): Promise<Output<'auth', 'revokeToken'>> {
    const kept = await this.#tokens.find(id);
    if (!kept) throw new ApiError('not_found', `No token has the id "${id}"; GET /auth/tokens lists them.`);
    return described(await this.#tokens.revoke(kept));
  }
}

function refused(why: string): ApiError {
  return new ApiError('unauthenticated', `The token opens nothing. ${why}`, [{ path: 'Authorization', message: why }]);
}

function described(kept: KeptToken): TokenRecord {
  const { hash: _, ...told } = kept;
  return { ...told, state: stateOf(kept) };
}
