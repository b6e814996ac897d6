/** Gives out a token: for whom, up to which scope, and until when. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type Output, type Scope, SCOPES, scopes } from '../../contract/index.ts';
import { useClient } from '../kit/client-context.tsx';
import { FormFaults } from '../kit/entry/form-faults.tsx';
import { SelectEntry } from '../kit/entry/select-entry.tsx';
import { TextEntry } from '../kit/entry/text-entry.tsx';
import { CardForm } from '../kit/layout/card.tsx';
import { Hint } from '../kit/layout/hint.tsx';
import { ProblemAlert } from '../kit/problem/problem-alert.tsx';
import { useTokensAgain } from './tokens-query.ts';

const DAY_S = 24 * 3600;
/** Seconds by what they are called. */
const LIVES = {
  'after an hour': 3600,
  'after a day': DAY_S,
  'after 30 days': 30 * DAY_S,
  'after a year': 365 * DAY_S,
  never: null,
} as const;
type Life = keyof typeof LIVES;

export function NewTokenForm({ onMade }: { onMade: (made: Output<'auth', 'createToken'>) => void }) {
  const client = useClient();
  const again = useTokensAgain();
  const [name, setName] = useState('');
  // The emptied field of the next token has not been touched yet.
  const [made, setMade] = useState(0);
  const [scope, setScope] = useState<Scope>('run');
  const [life, setLife] = useState<Life>('after 30 days');
  const create = useMutation({
    // By the port: what the answer holds passes no service worker, and nobody's network log.
    mutationFn: () => {
      const expires_in_s = LIVES[life];
      // Each scope that it implies is named, so that the list says what it may.
      const granted = scopes.slice(0, scopes.indexOf(scope) + 1);
      return client
        .via('direct')
        .post('auth', 'tokens', { name: name.trim(), scopes: granted, ...(expires_in_s !== null && { expires_in_s }) });
    },
    gcTime: 0,
    onSuccess: (token) => {
      onMade(token);
      setName('');
      setMade((count) => count + 1);
    },
    onSettled: again,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(undefined, { onSuccess: () => create.reset() });
  };
  return (
    <FormFaults error={create.error}>
      <CardForm compact aria-label="New token" onSubmit={submit}>
        <h2>New token</h2>
        <TextEntry
          key={made}
          label="Name"
          path="/name"
          placeholder="Whom or what it is for"
          maxLength={100}
          required
          withAsterisk={false}
          value={name}
          complaint={name.trim() === '' ? 'is needed.' : null}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <SelectEntry
          label="Scopes"
          path="/scopes"
          value={scope}
          onChange={(event) => setScope(event.currentTarget.value as Scope)}
          data={scopes.map((each, index) => ({ value: each, label: scopes.slice(0, index + 1).join(', ') }))}
        />
        <Hint>{SCOPES[scope]}</Hint>
        <SelectEntry
          label="Expires"
          path="/expires_in_s"
          value={life}
          onChange={(event) => setLife(event.currentTarget.value as Life)}
          data={Object.keys(LIVES)}
        />
        {create.error && <ProblemAlert error={create.error} />}
        <Button type="submit" loading={create.isPending}>
          Create token
        </Button>
      </CardForm>
    </FormFaults>
  );
}
