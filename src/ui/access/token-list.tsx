/** Tokens that were given out: what each may, until when, and when it was last used; revoked with one press. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Output } from '../../contract/index.ts';
import { useClient } from '../kit/client-context.tsx';
import { Badge } from '../kit/layout/badge.tsx';
import { Card } from '../kit/layout/card.tsx';
import { Hint } from '../kit/layout/hint.tsx';
import { Moment } from '../kit/moment.tsx';
import { ProblemAlert } from '../kit/problem/problem-alert.tsx';
import { ScopeBadge } from '../kit/scope-badge.tsx';
import classes from './access.module.css';
import { useTokens, useTokensAgain } from './tokens-query.ts';

type Token = Output<'auth', 'tokens'>['tokens'][number];

export function TokenList() {
  const client = useClient();
  const again = useTokensAgain();
  const { data, error } = useTokens();
  const revoke = useMutation({
    mutationFn: (id: string) => client.via('direct').delete('auth', 'tokens/{id}', { id }),
    onSettled: again,
  });
  const problem = error ?? revoke.error;
  return (
    <Card aria-label="Tokens">
      <h2>
        Tokens
        {data && data.tokens.length > 0 && (
          <small className="gb-num">{data.tokens.filter(({ state }) => state === 'active').length} active</small>
        )}
      </h2>
      {problem && <ProblemAlert error={problem} />}
      {data?.tokens.length === 0 && <Hint>None was given out yet.</Hint>}
      {data && data.tokens.length > 0 && (
        <ul className={classes.tokens}>
          {data.tokens.map((token) => (
            <Row key={token.id} token={token} isBusy={revoke.isPending} onRevoke={() => revoke.mutate(token.id)} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Row({ token, isBusy, onRevoke }: { token: Token; isBusy: boolean; onRevoke: () => void }) {
  const { id, name, scopes, state, created_at, expires_at, last_used_at, revoked_at } = token;
  return (
    <li data-state={state}>
      <div className={classes.name}>
        <b>{name}</b>
        <code>{id}_…</code>
        {scopes.map((scope) => (
          <ScopeBadge key={scope} scope={scope} />
        ))}
        {state !== 'active' && <Badge tone="bad">{state}</Badge>}
      </div>
      <dl>
        <Told name="created">
          <Moment at={created_at} />
        </Told>
        <Told name="last used">{last_used_at === null ? 'never' : <Moment at={last_used_at} />}</Told>
        {revoked_at === null ? (
          <Told name={state === 'expired' ? 'expired' : 'expires'}>{expires_at === null ? 'never' : <Moment at={expires_at} />}</Told>
        ) : (
          <Told name="revoked">
            <Moment at={revoked_at} />
          </Told>
        )}
      </dl>
      {state === 'active' && (
        <Button variant="default" size="compact-sm" disabled={isBusy} onClick={onRevoke} aria-label={`Revoke ${name}`}>
          Revoke
        </Button>
      )}
    </li>
  );
}

function Told({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
