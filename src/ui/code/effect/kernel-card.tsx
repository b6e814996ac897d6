/** What a patch does to a kernel's speed, beside the editor: every revision that was active while one looked, measured at the same sizes. */
import { Button, NativeSelect } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Client } from '../../../client/client.ts';
import type { Output } from '../../../contract/index.ts';
import { useClient } from '../../kit/client-context.tsx';
import { formatMs } from '../../kit/format.ts';
import { ProblemAlert } from '../../kit/problem/problem-alert.tsx';
import figures from './effect.module.css';
import { Card, CardHead } from '../../kit/layout/card.tsx';
import { Spring } from '../../kit/layout/frame.tsx';

type Sizes = Record<string, number>;
type Measured = Output<'computation', 'benchmark'>['results'][number] & { adapter: string | null };

/** On the sizes of the kernel's own example. */
const FACTORS = [1, 4, 16] as const;
const WARMUP = 3;
const REPEATS = 20;
const LIMIT_MS = 2000;

const keyOf = (kernel: string, factor: number) => ['kernel speed', kernel, factor] as const;

async function measure(client: Client, kernel: string, factor: number, signal: AbortSignal): Promise<Measured> {
  const { example_input, inputs, sizes } = await client.get('computation', 'kernels/{id}', { id: kernel }, { signal });
  const scaled: Sizes = {};
  for (const { name, maximum } of sizes) {
    const port = inputs.find(({ shape }) => shape.includes(name));
    const example = port ? example_input[port.name]!.shape[port.shape.indexOf(name)]! : 1;
    scaled[name] = Math.min(maximum, factor * example);
  }
  // The reference is plain TypeScript in the worker that serves: large sizes would hold it up.
  const check_reference = factor < FACTORS[2];
  const input = { kernels: [kernel], sizes: [scaled], warmup: WARMUP, repeats: REPEATS, max_ms: LIMIT_MS, check_reference };
  const { results, device } = await client.post('computation', 'benchmark', input, { signal });
  return { ...results[0]!, adapter: device.adapter };
}

export function KernelCard({ id, revision, revisions }: { id: string; revision: string; revisions: number }) {
  const client = useClient();
  const queries = useQueryClient();
  const [factor, setFactor] = useState<number>(FACTORS[1]);
  const kernel = id.replace('kernel.', 'wgsl.');
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: [...keyOf(kernel, factor), revision],
    queryFn: ({ signal }) => measure(client, kernel, factor, signal),
    staleTime: Infinity,
    gcTime: Infinity,
    retry: false,
  });
  const all = queries
    .getQueriesData<Measured>({ queryKey: keyOf(kernel, factor) })
    .flatMap(([, measured]) => (measured?.timing ? [measured] : []));
  const shown = all.toSorted((a, b) => Number(a.revision_id !== null) - Number(b.revision_id !== null));
  return (
    <Card compact aria-label="Effect">
      <CardHead>
        <h2>Speed</h2>
        <Spring />
        <NativeSelect
          aria-label="Sizes to measure at"
          value={String(factor)}
          data={FACTORS.map((value) => ({ value: String(value), label: value === 1 ? 'Small' : value === 4 ? 'Medium' : 'Large' }))}
          onChange={({ currentTarget }) => setFactor(Number(currentTarget.value))}
        />
        <Button variant="default" onClick={() => void refetch()} loading={isFetching}>
          Measure
        </Button>
      </CardHead>
      {error && <ProblemAlert error={error} onRetry={() => void refetch()} />}
      {data?.timing && (
        <div className={figures.effect}>
          <p className="gb-muted">
            {sizesText(data.sizes)}, median of up to {REPEATS} runs.
          </p>
          <Speeds measured={shown} active={data.revision_id} />
          <p className="gb-muted">
            {data.gflops !== null && (
              <>
                <span className="gb-num">{data.gflops.toPrecision(3)}</span> GFLOP/s
              </>
            )}
            {data.agreement && (
              <>
                , off its reference by up to <span className="gb-num">{data.agreement.max_abs_error.toExponential(1)}</span>
              </>
            )}
            {data.adapter && <>, on {data.adapter}</>}.
          </p>
          {revisions > 1 && shown.length === 1 && <p className="gb-muted">Versions that become active are measured and set beside it.</p>}
        </div>
      )}
      {data && !data.timing && <p className="gb-muted">{data.skipped}</p>}
    </Card>
  );
}

const sizesText = (sizes: Sizes): string =>
  Object.entries(sizes)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

function Speeds({ measured, active }: { measured: readonly Measured[]; active: string | null }) {
  const msOf = ({ gpu_timing, timing }: Measured) => gpu_timing?.median_ms || (timing?.median_ms ?? 0);
  const slowest = Math.max(...measured.map(msOf), Number.MIN_VALUE);
  const builtIn = measured.find(({ revision_id }) => revision_id === null);
  return (
    <div className={figures.speeds}>
      <ol>
        {measured.map((each) => (
          <li key={each.revision_id ?? ''} data-new={each.revision_id === active || undefined}>
            <span className={figures.bar} style={{ inlineSize: `${((100 * msOf(each)) / slowest).toFixed(1)}%` }} />
            <code>{each.revision_id === null ? 'built-in' : each.revision_id.slice(0, 8)}</code>
            {builtIn && each !== builtIn && <span className={figures.ratio}>× {(msOf(each) / msOf(builtIn)).toFixed(2)}</span>}
            <span className="gb-num">{formatMs(msOf(each))}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
