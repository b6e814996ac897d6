/** The memory panel: every KV block as it is used, what became of it over time, and the plan that rules it. */
import { useCallback, useMemo, useState } from 'react';
import type { Output } from '../../contract/index.ts';
import { useClient } from '../kit/client-context.tsx';
import { formatBytes } from '../kit/format.ts';
import { useModel } from '../kit/model/use-model.ts';
import { ModelNotice } from '../kit/model/model-notice.tsx';
import { ProblemAlert } from '../kit/problem/problem-alert.tsx';
import { Allocations } from './allocations.tsx';
import { type BlockMap, blockMapOf } from './block-map.ts';
import { Figures } from '../kit/figures/figures.tsx';
import { HistoryCharts } from './history-charts.tsx';
import { Recorder, type Sample } from './history.ts';
import { MapCard } from './map-card.tsx';
import classes from './memory.module.css';
import { PlanForm } from './plan-form.tsx';
import { usePoll } from '../kit/poll/use-poll.ts';
import { useSmallWorkload, WorkloadButton } from '../kit/workload/workload-button.tsx';
import { Card } from '../kit/layout/card.tsx';
import { Columns, Frame, Main, PanelBar, Side, Spring } from '../kit/layout/frame.tsx';

type Stats = Output<'memory', 'stats'>;

interface Look {
  map: BlockMap;
  stats: Stats;
  samples: readonly Sample[];
}

const LIVE_MS = 100;
const IDLE_MS = 500;
/** Between two samples of the charts. */
const SAMPLE_MS = 250;

export function MemoryPanel() {
  const { data: model } = useModel();
  const weightsHash = model?.weights?.weights_hash;
  const workload = useSmallWorkload();

  return (
    <Frame>
      <PanelBar title="Memory">
        <p className={classes.about}>Every block of the KV cache, live.</p>
        <Spring className={classes.spring} />
        <WorkloadButton disabled={weightsHash === undefined} />
      </PanelBar>
      <Columns width="21rem">
        <Main>
          <ModelNotice model={model} />
          {workload.failure !== null && <ProblemAlert error={workload.failure} />}
          {weightsHash !== undefined && <Live key={weightsHash} />}
        </Main>
        {weightsHash !== undefined && (
          <Side aria-label="Plan and allocations">
            <PlanForm key={weightsHash} weightsHash={weightsHash} />
            <Allocations weightsHash={weightsHash} />
          </Side>
        )}
      </Columns>
    </Frame>
  );
}

/** Apart from the forms, which need not be drawn again ten times a second. */
function Live() {
  const { data, error } = useLook();
  return (
    <>
      {error !== null && <ProblemAlert error={error} />}
      {data && (
        <>
          <Card aria-label="Now">
            <StatsFigures stats={data.stats} />
          </Card>
          <MapCard map={data.map} blockSize={data.stats.block_size} blockBytes={data.stats.block_bytes} />
          <HistoryCharts samples={data.samples} />
        </>
      )}
    </>
  );
}

/** Map and figures as they stand now, by the port; more often while something runs. */
function useLook() {
  const client = useClient();
  const [recorder] = useState(() => new Recorder());
  const ask = useCallback(
    async (signal: AbortSignal): Promise<Look> => {
      const [blocks, stats] = await Promise.all([
        client.via('direct').get('memory', 'blocks', {}, { signal }),
        client.via('direct').get('memory', 'stats', {}, { signal }),
      ]);
      return { map: blockMapOf(blocks), stats, samples: recorder.record(stats, SAMPLE_MS) };
    },
    [client, recorder],
  );
  return usePoll(ask, (look) => (look && look.stats.sequences > 0 ? LIVE_MS : IDLE_MS), true);
}

const percent = (share: number | null): string => (share === null ? '–' : `${(100 * share).toFixed(1)} %`);

function StatsFigures({ stats }: { stats: Stats }) {
  const { prefix, tiers } = stats;
  const items = useMemo(
    () => [
      {
        name: 'used blocks',
        value: `${tiers[0]?.used_blocks ?? 0} / ${tiers[0]?.capacity_blocks ?? 0}`,
        title: 'Held by sequences and allocations, of the pool.',
      },
      { name: 'sequences', value: stats.sequences, title: 'Sequences that hold blocks of the pool.' },
      { name: 'shared blocks', value: stats.shared_blocks, title: 'Blocks in more than one block table.' },
      {
        name: 'prefix hits',
        value: prefix.enabled ? percent(prefix.hit_rate) : 'off',
        title: `${prefix.hit_tokens} of ${prefix.queried_tokens} prompt tokens were found in the cache since the weights were loaded.`,
      },
      {
        name: 'fragmentation',
        value: percent(stats.fragmentation),
        title: `1 − used / held token places: ${stats.used_tokens} of ${stats.held_tokens} are used.`,
      },
      { name: 'wasted', value: formatBytes(stats.wasted_bytes), title: 'Bytes of places held for nothing.' },
      { name: 'evictions', value: stats.evictions, title: 'Cached blocks whose contents were given up for room.' },
      { name: 'copies', value: stats.copies, title: 'Blocks copied on write.' },
      {
        name: 'swapped out · in',
        value: `${stats.swapped_out_blocks} · ${stats.swapped_in_blocks}`,
        title: 'Blocks moved to a lower tier, and back.',
      },
    ],
    [stats, prefix, tiers],
  );
  return <Figures label="Memory now" items={items} />;
}
