import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MAX_TOKENS } from '../../contract/auth.ts';
import type { Scope } from '../../contract/index.ts';
import { MemoryRecords } from '../../environment/record-store.ts';
import { newContext } from '../../transport/dispatch.ts';
import { AuthService } from './index.ts';
import { newToken } from '../../contract/token.ts';
import { isKeptToken, type KeptToken } from './token-store.ts';

let records: MemoryRecords<KeptToken>;
let service: AuthService;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  records = new MemoryRecords();
  service = new AuthService(records);
});
afterEach(() => vi.useRealTimers());

const create = (scopes: Scope[] = ['read'], expires_in_s?: number) =>
  service.createToken({ name: 'Test', scopes, ...(expires_in_s !== undefined && { expires_in_s }) });
const passed = (ms: number) => vi.setSystemTime(Date.now() + ms);

test('whoever holds a token is known by its id, name and scopes', async () => {
  const { token, id } = await create(['run', 'read', 'run']);
  expect(await service.authenticate(token)).toEqual({ kind: 'token', id, name: 'Test', scopes: ['read', 'run'], expiresAt: null });
});

test('what is kept holds the hash, and neither the token nor its secret', async () => {
  const { token, id } = await create();
  const [kept] = await records.list();
  expect(isKeptToken(kept)).toBe(true);
  expect(JSON.stringify(kept)).not.toContain(token.slice(id.length + 1));
  expect(JSON.stringify([await service.tokens(), await service.state()])).not.toContain(kept!.hash);
});

test('a token that was made up is refused, though it has the id of one that was not', async () => {
  const { id } = await create();
  const other = newToken();
  // Its id in place of its own, with a checksum that fits.
  await records.put({ ...(await records.list())[0]!, id: other.id });
  for (const token of [newToken().token, other.token, 'gbx_nonsense', ''])
    await expect(service.authenticate(token), token).rejects.toMatchObject({ code: 'unauthenticated' });
  expect((await service.tokens()).tokens.map((token) => token.id).sort()).toEqual([id, other.id].sort());
});

test('no refusal repeats what was sent', async () => {
  const { token } = await create();
  const { token: gone, id } = await create();
  await service.revokeToken({ id });
  for (const sent of [newToken().token, gone, token.slice(0, -1), `${token.slice(0, -1)}x`]) {
    const error = await service.authenticate(sent).catch((thrown: Error) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(`${(error as Error).message} ${JSON.stringify(error)} ${(error as Error).stack}`).not.toContain(sent.slice(13, 40));
  }
});

test('a token ends when it expires', async () => {
  const { token, id } = await create(['read'], 60);
  passed(59_000);
  await service.authenticate(token);
  passed(1000);
  await expect(service.authenticate(token)).rejects.toThrow(`${id} ended at`);
  expect((await service.tokens()).tokens).toMatchObject([{ id, state: 'expired' }]);
  expect(await service.state()).toMatchObject({ active_tokens: 0, ended_tokens: 1 });
});

test('a revoked token opens nothing, also where another tab revoked it, and stays revoked', async () => {
  const { token, id } = await create();
  const otherTab = new AuthService(records);
  const revoked = await otherTab.revokeToken({ id });
  expect(revoked).toMatchObject({ id, state: 'revoked' });
  await expect(service.authenticate(token)).rejects.toThrow('was revoked at');
  passed(5000);
  expect(await service.revokeToken({ id })).toEqual(revoked);
  await expect(service.revokeToken({ id: 'gbx_00000000' })).rejects.toMatchObject({ code: 'not_found' });
});

test('the last use is noted to the minute', async () => {
  const { token } = await create();
  const lastUse = async () => (await service.tokens()).tokens[0]!.last_used_at;
  expect(await lastUse()).toBeNull();
  await service.authenticate(token);
  const first = await lastUse();
  expect(Date.parse(first!)).toBe(Date.now());
  passed(59_000);
  await service.authenticate(token);
  expect(await lastUse()).toBe(first);
  passed(1000);
  await service.authenticate(token);
  expect(Date.parse((await lastUse())!)).toBe(Date.now());
});

test('a use that is noted late brings no token back that was revoked meanwhile', async () => {
  const { token, id } = await create();
  const change = records.change.bind(records);
  vi.spyOn(records, 'change').mockImplementationOnce(async (...given) => {
    await service.revokeToken({ id });
    return change(...given);
  });
  await service.authenticate(token);
  await expect(service.authenticate(token)).rejects.toThrow('was revoked at');
});

test('as many tokens as are kept, and no more; those that ended are forgotten first', async () => {
  const ended = await create(['read'], 1);
  passed(1000);
  for (let i = 0; i < MAX_TOKENS; i++) {
    passed(1);
    await create();
  }
  await expect(create()).rejects.toMatchObject({ code: 'conflict' });
  const { tokens } = await service.tokens();
  expect(tokens.at(-1)).toMatchObject({ id: ended.id, state: 'expired' });
  for (const { id } of tokens.slice(0, 40)) await service.revokeToken({ id });
  await create();
  const left = (await service.tokens()).tokens;
  expect(left.filter(({ state }) => state === 'active')).toHaveLength(MAX_TOKENS - 39);
  expect(left.filter(({ state }) => state !== 'active')).toHaveLength(20);
  expect(left.some(({ id }) => id === ended.id)).toBe(false);
});

test('the session of the page may do everything, and is kept nowhere; after a reload it opens nothing', async () => {
  const { token } = newToken();
  const page = new AuthService(records, { session: token });
  expect(await page.authenticate(token)).toMatchObject({ kind: 'page', scopes: ['read', 'run', 'patch', 'admin'] });
  expect(await records.list()).toEqual([]);
  const reloaded = new AuthService(records, { session: newToken().token });
  await expect(reloaded.authenticate(token)).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('who calls: the host where nobody is named', async () => {
  expect(service.whoami({}, newContext('direct', 'test'))).toMatchObject({ kind: 'page', id: null });
  const principal = { kind: 'token', id: 'gbx_12345678', name: 'CI', scopes: ['read'], expiresAt: null } as const;
  expect(service.whoami({}, newContext('restful', 'test', undefined, principal))).toEqual({
    ...{ kind: 'token', id: 'gbx_12345678', name: 'CI' },
    ...{ scopes: ['read'], expires_at: null },
  });
});

test.each([
  ['no hash', { hash: undefined }],
  ['a hash of another length', { hash: 'ab' }],
  ['scopes that there are not', { scopes: ['root'] }],
  ['no scopes', { scopes: [] }],
  ['an end that is no moment', { expires_at: 'never' }],
  ['an end that is left out', { expires_at: undefined }],
])('a record in the storage with %s opens nothing', async (_, fault) => {
  await create();
  const [kept] = await records.list();
  expect(isKeptToken({ ...kept, ...fault })).toBe(false);
});
