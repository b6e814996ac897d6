/** Every request by state, with what it holds and how far it is; any that lives can be cancelled. */
import { useComputedColorScheme } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useClient } from '../kit/client-context.tsx';
import { formatMs, withMinus } from '../kit/format.ts';
import { Icon } from '../kit/icons.tsx';
import { requestColour } from '../kit/colour/request-colour.ts';
import { ProblemAlert } from '../kit/problem/problem-alert.tsx';
import type { Queue, QueuedRequest } from './feed.ts';
import classes from './scheduler.module.css';
import { Card } from '../kit/layout/card.tsx';
import { Hint } from '../kit/layout/hint.tsx';

const FINISHED_SHOWN = 12;

export function QueueTable({ queue }: { queue: Queue }) {
  const client = useClient();
  const cancel = useMutation({ mutationFn: (id: string) => client.delete('model', 'generations/{id}', { id }) });
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
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a table that scrolls must be reached by keyboard
        <div className={classes.scroll} tabIndex={0} role="region" aria-label="Requests">
          <table>
            <thead>
              <tr>
                <th>request</th>
                <th>state</th>
                <th data-number>prompt</th>
                <th data-number>cached</th>
                <th data-number title="Over all its samples">
                  generated
                </th>
                <th data-number title="Samples × tokens that each may have">
                  limit
                </th>
                <th data-number>blocks</th>
                <th data-number>priority</th>
                <th data-number>preempted</th>
                <th data-number>age</th>
                <th aria-label="Cancel" />
              </tr>
            </thead>
            <tbody>
              {rows.map((request) => (
                <Row key={request.request_id} request={request} onCancel={() => cancel.mutate(request.request_id)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function Row({ request, onCancel }: { request: QueuedRequest; onCancel: () => void }) {
  const scheme = useComputedColorScheme('light');
  const { request_id: id, state, finish_reason, error } = request;
  return (
    <tr data-state={state}>
      <td>
        <i style={{ background: requestColour(id, scheme) }} />
        <code>{id}</code>
      </td>
      <td>
        <span className={classes.state} data-state={state}>
          {finish_reason ?? state}
        </span>
        {error !== null && <small className={classes.error}>{error}</small>}
      </td>
      <td data-number>{request.prompt_tokens}</td>
      <td data-number>{request.cached_tokens}</td>
      <td data-number>{request.completion_tokens}</td>
      <td data-number>{request.n > 1 ? `${request.n} × ${request.max_new_tokens}` : request.max_new_tokens}</td>
      <td data-number>{request.blocks}</td>
      <td data-number>{withMinus(String(request.priority))}</td>
      <td data-number>{request.preemptions}</td>
      <td data-number>{formatMs(request.age_ms)}</td>
      <td>
        {state !== 'finished' && (
          <button
            type="button"
            className={classes.cancel}
            title="Cancel: its blocks are free within a step"
            aria-label={`Cancel ${id}`}
            onClick={onCancel}
          >
            <Icon name="close" size={12} />
          </button>
        )}
      </td>
    </tr>
  );
}
