/** One kernel: whether it can run here, a run of it, and its code; beside it what it takes, gives and costs. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { resourcesQuery } from '../../kit/code/resource-queries.ts';
import { useClient } from '../../kit/client-context.tsx';
import { Icon } from '../../kit/icons.tsx';
import classes from '../computation.module.css';
import { kernelQuery, type KernelSummary, stateQuery } from '../queries.ts';
import { CodeCard } from './code-card.tsx';
import { KernelFacts } from './kernel-facts.tsx';
import { RunCard } from './run-card.tsx';
import { Spring } from '../../kit/layout/frame.tsx';
import { Waiting } from '../../kit/problem/waiting.tsx';
import { Legend } from '../../kit/layout/legend.tsx';

export function KernelView({ summary }: { summary: KernelSummary }) {
  const { id, title, description, revision_id, resource_id } = summary;
  const client = useClient();
  const kernel = useQuery(kernelQuery(client, id, revision_id));
  // A link only to what is there to be patched.
  const { data: resources } = useQuery({ ...resourcesQuery(client), refetchInterval: false });
  const isPatchable = resources?.some((resource) => resource.id === resource_id) ?? false;
  return (
    <section className={classes.main} aria-label={title}>
      <header className={classes.head}>
        <h1>{title}</h1>
        <code>{id}</code>
        <Spring />
        {isPatchable && resource_id !== null && (
          <Button
            component={Link}
            href={`/code/${encodeURIComponent(resource_id)}`}
            variant="default"
            size="compact-sm"
            leftSection={<Icon name="code" size={14} />}
          >
            Patch it
          </Button>
        )}
        <Button
          component={Link}
          href={`/computation/benchmark?kernel=${encodeURIComponent(id)}`}
          variant="default"
          size="compact-sm"
          leftSection={<Icon name="computation" size={14} />}
        >
          Benchmark it
        </Button>
      </header>
      <p className="gb-prose">{description}</p>
      <Providers summary={summary} />
      {(kernel.error || !kernel.data) && <Waiting what="kernel" error={kernel.error} onRetry={() => void kernel.refetch()} />}
      {kernel.data && (
        <div className={classes.columns}>
          <div className="gb-stack">
            <RunCard kernel={kernel.data} />
            <CodeCard kernel={kernel.data} />
          </div>
          <aside className="gb-stack" aria-label="What it takes and gives">
            <KernelFacts kernel={kernel.data} />
          </aside>
        </div>
      )}
    </section>
  );
}

const NAMES = { wasm: 'WASM', webgpu: 'WebGPU' } as const;

/** Where it can run, and why not. */
function Providers({ summary: { execution_providers, available, unavailable_reason } }: { summary: KernelSummary }) {
  const { data: state } = useQuery(stateQuery(useClient(), false));
  const hasGpu = state !== undefined && state.adapter !== null;
  return (
    <Legend aria-label="Execution providers">
      {execution_providers.map((provider) => {
        const isHere = provider === 'wasm' || hasGpu;
        return (
          <li key={provider}>
            <Icon name={isHere ? 'check' : 'close'} size={13} className={isHere ? 'gb-ok' : 'gb-faint'} />
            <b>{NAMES[provider]}</b>
            {provider === 'webgpu' && state && (
              <span>
                {hasGpu ? state.adapter : 'no adapter'}
                {hasGpu && (state.timestamp_queries ? ', with timestamp queries' : ', without timestamp queries')}
              </span>
            )}
          </li>
        );
      })}
      {!available && <li className="gb-warn">{unavailable_reason}</li>}
    </Legend>
  );
}
