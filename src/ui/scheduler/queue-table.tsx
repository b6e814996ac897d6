/** Every request by state, with what it holds and how far it is; any that lives can be cancelled. */
import { useComputedColorScheme } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useClient } from '../kit/client-context.tsx';
import { formatMs, withMinus } from '../kit/format.ts';
import { Icon } from '../kit/icons.tsx';
import { requestColour } from '../kit/colour/request-colour.ts';
import { ProblemAlert } from '../kit/problem/problem-alert.tsx';
import type { Queue, QueuedRequest } from './feed.ts';
import classes from './scheduler.module.css';
import { Card } from '../kit/layout/card.tsx';
import { type Column, Table } from '../kit/table/table.tsx';
import { Hint } from '../kit/layout/hint.tsx';

const FINISHED_SHOWN = 12;

type Scheme = ReturnType<typeof useComputedColorScheme>;

export function QueueTable({ queue }: { queue: Queue }) {
  const client = useClient();
  const scheme = useComputedColorScheme('light');
  const cancel = useMutation({ mutationFn: (id: string) => client.delete('model', 'generations/{id}', { id }) });
  const { mutate } = cancel;
  const columns = useMemo(() => columnsOf(scheme, mutate), [scheme, mutate]);
  const rows = [...queue.running, ...queue.swapped, ...queue.waiting, ...queue.finished.slice(0, FINISHED_SHOWN)];
  return (
    <Card aria-label="Queue">
      <h2>
        Queue
        <small className="gb-num">
          {queue.running.length} running · {queue.waiting.length} waiting · {queue.swapped.length} swapped
        </small>
      </h2>
      {cancel.error && <ProblemAlert error={cancel.error} />}
      {rows.length === 0 ? (
        <Hint>No request yet. Every call of /model/generate, from the playground, the API or a script, stands here while it lives.</Hint>
      ) : (
        <Table label="Requests" columns={columns} rows={rows} keyOf={(request) => request.request_id} stateOf={({ state }) => state} />
      )}
    </Card>
  );
}

const columnsOf = (scheme: Scheme, onCancel: (id: string) => void): readonly Column<QueuedRequest>[] => [
  {
    id: 'request',
    cell: ({ request_id: id }) => (
      <span className={classes.request}>
        <i style={{ background: requestColour(id, scheme) }} />
        <code>{id}</code>
      </span>
    ),
  },
  {
    id: 'state',
    cell: ({ state, finish_reason, error }) => (
      <>
        <span className={classes.state} data-state={state}>
          {finish_reason ?? state}
        </span>
        {error !== null && <small className={classes.error}>{error}</small>}
      </>
    ),
  },
  { id: 'prompt', numeric: true, cell: (request) => request.prompt_tokens },
  { id: 'cached', numeric: true, cell: (request) => request.cached_tokens },
  { id: 'generated', numeric: true, title: 'Over all its samples', cell: (request) => request.completion_tokens },
  {
    id: 'limit',
    numeric: true,
    title: 'Samples × tokens that each may have',
    cell: ({ n, max_new_tokens: most }) => (n > 1 ? `${n} × ${most}` : most),
  },
  { id: 'blocks', numeric: true, cell: (request) => request.blocks },
  { id: 'priority', numeric: true, cell: (request) => withMinus(String(request.priority)) },
  { id: 'preempted', numeric: true, cell: (request) => request.preemptions },
  { id: 'age', numeric: true, cell: (request) => formatMs(request.age_ms) },
  {
    id: 'cancel',
    head: <span className="gb-sr-only">Cancel</span>,
    cell: ({ request_id: id, state }) =>
      state !== 'finished' && (
        <button
          type="button"
          className={classes.cancel}
          title="Cancel: its blocks are free within a step"
          aria-label={`Cancel ${id}`}
          onClick={() => onCancel(id)}
        >
          <Icon name="close" size={12} />
        </button>
      ),
  },
];
