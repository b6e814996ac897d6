/** The service `auth`: who calls, and the tokens by which callers of the RESTful transport say what they may. */
import { z } from 'zod';
import { defineService, endpoint } from './endpoint.ts';
import { inForms } from './in-forms.ts';
import { grantedScopes } from './scope.ts';
import { SECRET } from './secrets.ts';

/** Those that are neither revoked nor expired. */
export const MAX_TOKENS = 100;
const MAX_LIFE_S = 366 * 24 * 3600;

const id = z.string().meta({ description: 'Public: what the token begins with.' });
const moment = z.string().nullable();

const tokenRecord = z
  .object({
    id,
    name: z.string(),
    scopes: grantedScopes,
    state: z.enum(['active', 'expired', 'revoked']),
    created_at: z.string(),
    expires_at: moment.meta({ description: '`null`: without end.' }),
    last_used_at: moment.meta({ description: 'To the minute; `null`: not yet.' }),
    revoked_at: moment,
  })
  .meta({ id: 'Token', description: 'What is kept of a token: its hash, never itself.' });

export type TokenRecord = z.infer<typeof tokenRecord>;

export const auth = defineService({
  name: 'auth',
  title: 'Access',
  description: 'Who calls and what they may: tokens with scopes, for callers of the RESTful transport.',
  state: z.object({
    required: z.boolean().meta({ description: 'The RESTful transport asks every caller for a token.' }),
    active_tokens: z.int().min(0),
    ended_tokens: z.int().min(0).meta({ description: 'Revoked or expired, and still listed.' }),
  }),
  endpoints: {
    whoami: endpoint({
      method: 'GET',
      path: 'whoami',
      scope: 'read',
      summary: 'Who calls',
      description: 'The caller as the guard sees it, with the scopes that it has.',
      input: z.object({}),
      output: z
        .object({
          kind: z.enum(['page', 'token', 'script']).meta({
            description: '`page`: the workbench itself, or anyone while no token is required; `script`: one that runs with less.',
          }),
          id: id.nullable(),
          name: z.string(),
          scopes: grantedScopes,
          expires_at: moment,
        })
        .meta({ id: 'Caller' }),
      errors: [],
      examples: [
        {
          name: 'who calls',
          description: 'Whoever can ask may read.',
          input: {},
          validation_rules: { has_scopes: 'size(output.scopes) > 0' },
        },
      ],
    }),
    tokens: endpoint({
      method: 'GET',
      path: 'tokens',
      scope: 'admin',
      summary: 'Tokens that were given out',
      description: 'The newest first: scopes, expiry, last use. Revoked and expired ones stay listed for a while.',
      input: z.object({}),
      output: z.object({ tokens: z.array(tokenRecord) }),
      errors: [],
      examples: [
        {
          name: 'tokens',
          description: 'A list, perhaps empty, that holds no token itself.',
          input: {},
          validation_rules: { no_secrets: 'output.tokens.all(t, !has(t.token) && !has(t.hash))' },
        },
      ],
    }),
    createToken: endpoint({
      method: 'POST',
      path: 'tokens',
      scope: 'admin',
      summary: 'Give out a token',
      consequence: 'gives whoever reads the answer a way in, with these scopes',
      description: 'The answer holds the token, once: only its hash is kept. It is sent as `Authorization: Bearer …`, never in an address.',
      input: z.object({
        name: z.string().min(1).max(100).meta({ description: 'Whom or what it is for.' }),
        scopes: grantedScopes,
        expires_in_s: z
          .int()
          .min(1)
          .max(MAX_LIFE_S)
          .optional()
          .meta({
            description: 'Seconds until it ends; without end when left out.',
            ...inForms({ label: 'Expires after', empty: 'never' }),
          }),
      }),
      output: tokenRecord
        .extend({ token: z.string().meta({ description: 'Shown here and never again.', format: SECRET }) })
        .meta({ id: 'NewToken', description: 'A token that was just made.' }),
      errors: ['conflict'],
      examples: [
        {
          name: 'a token to read with',
          description: 'It ends by itself after a second.',
          input: { name: 'Example', scopes: ['read'], expires_in_s: 1 },
          expected_output: { name: 'Example', scopes: ['read'], state: 'active', last_used_at: null, revoked_at: null },
          validation_rules: { begins_with_its_id: 'output.id.startsWith("gbx_")' },
        },
        {
          name: 'a token without scopes',
          description: 'At least one is needed.',
          input: { name: 'Example', scopes: [] },
          expected_error: 'validation_failed',
        },
        {
          name: 'a scope that there is not',
          description: '422 names those that there are.',
          input: { name: 'Example', scopes: ['root'] } as never,
          expected_error: 'validation_failed',
        },
      ],
    }),
    revokeToken: endpoint({
      method: 'DELETE',
      path: 'tokens/{id}',
      scope: 'admin',
      summary: 'Revoke a token',
      consequence: 'shuts out whoever uses this token',
      description: 'It opens nothing from now on. Revoked again, it stays as it was.',
      input: z.object({ id: z.string() }),
      output: tokenRecord,
      errors: ['not_found'],
      examples: [
        {
          name: 'revoke an unknown token',
          description: 'No token has this id.',
          input: { id: 'gbx_00000000' },
          expected_error: 'not_found',
        },
        { name: 'revoke an id of one space', description: 'None has this one either.', input: { id: ' ' }, expected_error: 'not_found' },
        {
          name: 'revoke an id with reserved characters',
          description: 'Slashes and question marks travel encoded.',
          input: { id: 'a/b?c=d' },
          expected_error: 'not_found',
        },
      ],
    }),
  },
});
