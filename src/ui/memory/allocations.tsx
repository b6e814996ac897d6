/** Blocks held by hand: take some of the pool that serves requests, see what is held, give it back; what stays is a leak. */
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { contract, type Output } from '../../contract/index.ts';
import { useClient } from '../kit/client-context.tsx';
import { formatBytes, formatMs } from '../kit/format.ts';
import { FormFaults, isSameInput, useFaultFocus } from '../kit/entry/form-faults.tsx';
import { ContractNumber } from '../kit/form/contract-number.tsx';
import { ProblemAlert } from '../kit/problem/problem-alert.tsx';
import classes from './memory.module.css';
import { Card } from '../kit/layout/card.tsx';
import { Hint } from '../kit/layout/hint.tsx';
import { IconButton } from '../kit/icon-button.tsx';

const ALLOCATE = contract.memory.endpoints.allocate.input;

type Allocation = Output<'memory', 'allocations'>['allocations'][number];

/** Held longer than this without an end in sight looks like a leak. */
const LEAK_AFTER_MS = 60_000;

export function Allocations({ weightsHash }: { weightsHash: string }) {
  const client = useClient();
  const queries = useQueryClient();
  const queryKey = ['memory', 'allocations', weightsHash];
  const held = useQuery({
    queryKey,
    queryFn: async ({ signal }) => ({ ...(await client.via('direct').get('memory', 'allocations', {}, { signal })), nowMs: Date.now() }),
    refetchInterval: 1000,
    retry: false,
  });
  const again = () => queries.invalidateQueries({ queryKey });
  const [tokens, setTokens] = useState(200);
  const [expiresMs, setExpiresMs] = useState<number | null>(null);
  const wanted = { tokens, ...(expiresMs !== null && { expires_in_ms: expiresMs }) };
  const allocate = useMutation({
    mutationFn: (sent: typeof wanted) => client.post('memory', 'allocate', sent),
    onSettled: again,
  });
  const free = useMutation({ mutationFn: (id: string) => client.delete('memory', 'free/{id}', { id }), onSettled: again });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    free.reset();
    allocate.mutate(wanted);
  };
  const { allocations = [], blocks = 0, bytes = 0, nowMs = 0 } = held.data ?? {};
  const refused = allocate.error && isSameInput(allocate.variables, wanted) ? allocate.error : null;
  const problem = refused ?? free.error;
  const form = useFaultFocus<HTMLFormElement>(refused);

  return (
    <Card aria-label="Held by hand">
      <h2>
        Held by hand
        {allocations.length > 0 && (
          <small className="gb-num">
            {blocks} blocks, {formatBytes(bytes)}
          </small>
        )}
      </h2>
      <FormFaults error={refused}>
        <form ref={form} className={classes.allocate} onSubmit={submit}>
          <ContractNumber of={ALLOCATE} path="/tokens" value={tokens} onChange={setTokens} />
          <ContractNumber optional of={ALLOCATE} path="/expires_in_ms" value={expiresMs} onChange={setExpiresMs} />
          <Button type="submit" variant="default" loading={allocate.isPending}>
            Allocate
          </Button>
        </form>
        {problem && <ProblemAlert error={problem} />}
      </FormFaults>
      {allocations.length === 0 ? (
        <Hint>Nothing is held by hand. An allocation takes real blocks from the pool that serves requests.</Hint>
      ) : (
        <ul className={classes.allocations}>
          {allocations.map((allocation) => (
            <Row key={allocation.id} allocation={allocation} nowMs={nowMs} onFree={() => free.mutate(allocation.id)} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Row({ allocation, nowMs, onFree }: { allocation: Allocation; nowMs: number; onFree: () => void }) {
  const { id, tokens, block_ids, bytes, created_at, expires_at } = allocation;
  const ageMs = Math.max(0, nowMs - Date.parse(created_at));
  const leak = expires_at === null && ageMs > LEAK_AFTER_MS;
  return (
    <li data-leak={leak || undefined}>
      <div>
        <code>{id}</code>
        <span className="gb-num">
          {tokens} tokens · {block_ids.length} blocks · {formatBytes(bytes)}
        </span>
        <span>
          {expires_at === null
            ? `held for ${formatMs(Math.max(1, Math.floor(ageMs / 1000)) * 1000)}${leak ? ' with no end: a leak, unless you mean it' : ''}`
            : `frees itself in ${formatMs(Math.max(0, Math.ceil((Date.parse(expires_at) - nowMs) / 1000) * 1000))}`}
        </span>
      </div>
      <IconButton icon="close" label={`Free ${id}`} tip="Free these blocks" onClick={onFree} />
    </li>
  );
}
