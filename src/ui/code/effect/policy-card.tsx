/** What a scheduling policy does, beside the editor: one workload simulated under the built-in policy and under the patch, in order of completion. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Client } from '../../../client/client.ts';
import type { Input, Output } from '../../../contract/index.ts';
import { useClient } from '../../kit/client-context.tsx';
import { formatMs } from '../../kit/format.ts';
import { ProblemAlert } from '../../kit/problem/problem-alert.tsx';
import { codeKey } from '../../kit/code/resource-queries.ts';
import figures from './effect.module.css';
import { Card, CardHead } from '../../kit/layout/card.tsx';
import { Spring } from '../../kit/layout/frame.tsx';

type Schedule = Output<'scheduler', 'schedule'>;

/** Long and short ones that come almost at once, to a scheduler that serves two at a time. */
const WORKLOAD: Input<'scheduler', 'schedule'>['workload'] = {
  kind: 'requests',
  requests: [
    { id: 'long 1', arrival_ms: 0, prompt_tokens: 64, output_tokens: 48, client: 'a' },
    { id: 'short 1', arrival_ms: 1, prompt_tokens: 8, output_tokens: 8, client: 'b' },
    { id: 'long 2', arrival_ms: 2, prompt_tokens: 96, output_tokens: 40, client: 'a' },
    { id: 'short 2', arrival_ms: 3, prompt_tokens: 12, output_tokens: 6, client: 'b' },
    { id: 'middle', arrival_ms: 4, prompt_tokens: 32, output_tokens: 24, client: 'a' },
    { id: 'short 3', arrival_ms: 5, prompt_tokens: 8, output_tokens: 4, client: 'b' },
  ],
};

async function simulate(client: Client, policy: 'fcfs' | 'patched', signal: AbortSignal): Promise<Schedule> {
  return client.post('scheduler', 'schedule', { workload: WORKLOAD, policy, max_num_seqs: 2, include_steps: false }, { signal });
}

export function PolicyCard({ patched, revision }: { patched: boolean; revision: string }) {
  const client = useClient();
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: [...codeKey, 'policy effect', revision],
    enabled: patched,
    queryFn: async ({ signal }) => ({
      before: await simulate(client, 'fcfs', signal),
      after: await simulate(client, 'patched', signal),
    }),
    retry: false,
  });
  return (
    <Card compact aria-label="Effect">
      <CardHead>
        <h2>Effect</h2>
        <Spring />
        <Button variant="default" onClick={() => void refetch()} disabled={!patched} loading={isFetching}>
          Compare
        </Button>
      </CardHead>
      {error && <ProblemAlert error={error} />}
      {patched && data && (
        <div className={figures.effect}>
          <p className="gb-muted">Six requests that come almost at once, two served at a time, simulated under both.</p>
          <div className={figures.candidates}>
            <Order title="Built-in" schedule={data.before} />
            <Order title="Patched" schedule={data.after} />
          </div>
        </div>
      )}
      <p className="gb-muted">
        {patched
          ? 'More of it in the '
          : 'A policy changes who waits, never what is written. Apply another one to see it here; more of it in the '}
        <a href="#/scheduler">scheduler panel</a>.
      </p>
    </Card>
  );
}

/** Requests in the order in which they end, with when. */
function Order({ title, schedule: { requests, metrics } }: { title: string; schedule: Schedule }) {
  const ended = requests
    .map((each) => ({ ...each, endedMs: each.e2e_ms === null ? Infinity : each.arrival_ms + each.e2e_ms }))
    .toSorted((a, b) => a.endedMs - b.endedMs);
  const last = Math.max(1, ...ended.map(({ endedMs }) => endedMs).filter(Number.isFinite));
  return (
    <div>
      <h4 className="gb-label">{title}</h4>
      <ol>
        {ended.map(({ request_id, endedMs }) => (
          <li key={request_id}>
            <span className={figures.bar} style={{ inlineSize: `${((100 * Math.min(endedMs, last)) / last).toFixed(1)}%` }} />
            <code>{request_id}</code>
            <span className="gb-num">{formatMs(endedMs)}</span>
          </li>
        ))}
      </ol>
      <p className="gb-muted">
        Mean wait <span className="gb-num">{metrics.queue_time ? formatMs(metrics.queue_time.mean_ms) : '—'}</span>
      </p>
    </div>
  );
}
