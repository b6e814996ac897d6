/** Tokens as they are kept: hashes, read anew for each question, since another tab may have revoked one. */
import { ApiError, scopes } from '../../contract/index.ts';
import { MAX_TOKENS, type TokenRecord } from '../../contract/auth.ts';
import type { RecordStore } from '../../environment/record-store.ts';

/** What is kept of a token; its state is told anew each time. */
export type KeptToken = Omit<TokenRecord, 'state'> & { hash: string };

/** Revoked and expired ones that stay listed. */
const KEPT_ENDED = 20;
const MINUTE_MS = 60_000;

const isMoment = (value: unknown): boolean => value === null || (typeof value === 'string' && !Number.isNaN(Date.parse(value)));

/** For what lies in the browser's storage: what can't be read opens nothing. */
export function isKeptToken(kept: unknown): kept is KeptToken {
  if (typeof kept !== 'object' || kept === null) return false;
  const { id, name, hash, scopes: granted, created_at, expires_at, last_used_at, revoked_at } = kept as Record<string, unknown>;
  return (
    [id, name, created_at].every((value) => typeof value === 'string') &&
    typeof hash === 'string' &&
    /^[0-9a-f]{64}$/.test(hash) &&
    Array.isArray(granted) &&
    granted.length > 0 &&
    granted.every((scope) => (scopes as readonly unknown[]).includes(scope)) &&
    [expires_at, last_used_at, revoked_at].every(isMoment)
  );
}

export function stateOf({ revoked_at, expires_at }: KeptToken): TokenRecord['state'] {
  if (revoked_at !== null) return 'revoked';
  return expires_at !== null && Date.parse(expires_at) <= Date.now() ? 'expired' : 'active';
}

export class TokenStore {
  constructor(private readonly records: RecordStore<KeptToken>) {}

  /** The newest first. */
  async list(): Promise<KeptToken[]> {
    return (await this.records.list()).toSorted((a, b) => b.created_at.localeCompare(a.created_at));
  }

  async find(id: string): Promise<KeptToken | undefined> {
    return (await this.records.list()).find((token) => token.id === id);
  }

  /** @throws ApiError conflict where there are too many */
  async add(token: KeptToken): Promise<void> {
    const all = await this.list();
    const ended = all.filter((each) => stateOf(each) !== 'active');
    if (all.length - ended.length >= MAX_TOKENS)
      throw new ApiError('conflict', `There are ${MAX_TOKENS} active tokens, as many as are kept. Revoke one that nobody needs.`);
    for (const { id } of ended.slice(KEPT_ENDED)) await this.records.delete(id);
    await this.records.put(token);
  }

  async revoke(token: KeptToken): Promise<KeptToken> {
    const now = new Date().toISOString();
    return this.records.change(token.id, token, (kept = token) => ({ ...kept, revoked_at: kept.revoked_at ?? now }));
  }

  /** To the minute, so that a caller of many calls is not one of many writes. */
  async noteUse(token: KeptToken): Promise<void> {
    const now = new Date();
    if (token.last_used_at !== null && now.getTime() - Date.parse(token.last_used_at) < MINUTE_MS) return;
    // One that is gone meanwhile had ended: it does not come back to life.
    await this.records.change(token.id, token, (kept = { ...token, revoked_at: now.toISOString() }) => ({
      ...kept,
      last_used_at: now.toISOString(),
    }));
  }
}
