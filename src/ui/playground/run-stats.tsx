/** The figures of one generation, while it runs and after. */
import { counted } from '../../environment/counted.ts';
import { Button } from '@mantine/core';
import { Fragment } from 'react';
import type { ActivePatch } from '../kit/code/use-active-patches.ts';
import { type FigureItem, Figures } from '../kit/figures/figures.tsx';
import { formatMs, formatRate } from '../kit/format.ts';
import { visible } from '../kit/model/token-text.ts';
import type { Branch } from './branch.ts';
import classes from './run-stats.module.css';

interface Props {
  branch: Branch;
  patches: readonly ActivePatch[];
  promptTokens: number | null;
  onReuseSeed: (seed: number) => void;
}

const orDash = (ms: number | null): string => (ms === null ? '–' : formatMs(ms));

export function RunStats({ branch, patches, promptTokens, onReuseSeed }: Props) {
  const figures = branch.meter.figures();
  const { result } = branch;
  const usage = result?.usage;
  const items: FigureItem[] = [
    {
      name: 'tokens/s',
      title: result ? 'Tokens after the first, over the time from the first to the last' : 'Over the last 32 tokens',
      value: formatRate(result ? figures.tokensPerSecond : figures.currentTokensPerSecond),
      strong: true,
    },
    { name: 'TTFT', title: 'Time to the first token, from the arrival of the request at the engine', value: orDash(figures.ttftMs) },
    {
      name: 'TPOT',
      title: 'Time per output token after the first: (latency − TTFT) / (tokens − 1), the mean of the gaps between tokens',
      value: orDash(figures.tpotMs),
    },
    {
      name: 'ITL p50 · p95',
      title: 'Inter-token latency: the gaps between tokens. TPOT is their mean, so a few long ones lift it above the median.',
      value: <Gaps p50={figures.itlP50Ms} p95={figures.itlP95Ms} gaps={branch.meter.gaps()} />,
    },
    {
      name: 'prompt',
      title: 'Prompt tokens, and those of them whose keys and values came from the prefix cache',
      value: <Prompt tokens={usage?.prompt_tokens ?? promptTokens} cached={usage?.cached_tokens} />,
    },
    {
      name: 'generated',
      title: 'Tokens of this branch, and the most it may have',
      value: `${branch.tokens.length - branch.given} / ${branch.limit}`,
    },
  ];
  if (result)
    items.push({
      name: 'seed',
      title: 'The same seed, prompt, parameters and weights give the same text',
      value: (
        <>
          {result.seed}
          <Button variant="subtle" size="compact-xs" onClick={() => onReuseSeed(result.seed)}>
            Reuse
          </Button>
        </>
      ),
    });
  if (patches.length > 0)
    items.push({
      name: 'patched code',
      title: 'Was active when this run began, in place of the built-in code',
      value: patches.map(({ id, title, revisionId }, index) => (
        <Fragment key={id}>
          {index > 0 && ', '}
          <a href={`#/code/${id}`} title={`Revision ${revisionId}`}>
            {title}
          </a>
        </Fragment>
      )),
    });
  return (
    <div className={classes.stats}>
      <Figures look="small" items={items} />
      <output className={classes.finish} data-state={branch.finish ?? branch.state}>
        {outcome(branch)}
      </output>
    </div>
  );
}

/** How it stands or why it ended, in a sentence. */
export function outcome({ state, finish, stopString, tokensSaved, blocksFreed, limit, tokens, given }: Branch): string {
  if (state === 'waiting') return 'Waiting for the first token…';
  if (state === 'running') return 'Generating… Esc stops.';
  if (state === 'stopping') return 'Stopping…';
  if (state === 'failed') return 'Failed.';
  if (finish === 'cancelled') {
    const saved = tokensSaved === null ? '' : ` ${counted(tokensSaved, 'token')} not computed`;
    const freed = blocksFreed === null ? '' : `${saved ? ',' : ''} ${counted(blocksFreed, 'KV block')} freed`;
    return `Stopped.${saved}${freed}${saved || freed ? '.' : ''}`;
  }
  if (finish === 'length')
    return tokens.length - given >= limit
      ? `Finished: length, max_new_tokens of ${limit} reached.`
      : 'Finished: length, the context is full.';
  if (finish === 'stop')
    return stopString === null ? 'Finished: stop, the model ended the text.' : `Finished: stop, at “${visible(stopString)}”.`;
  return finish === 'error' ? 'Ended by an error.' : 'Finished.';
}

function Prompt({ tokens, cached }: { tokens: number | null; cached: number | undefined }) {
  if (tokens === null) return '–';
  return (
    <>
      {tokens}
      {cached !== undefined && <small>{cached} cached</small>}
    </>
  );
}

const SPARK = { width: 56, height: 16, points: 56 };

/** The last gaps as a line: a stall of the scheduler shows as a spike. */
function Gaps({ p50, p95, gaps }: { p50: number | null; p95: number | null; gaps: readonly number[] }) {
  if (p50 === null || p95 === null) return '–';
  const recent = gaps.slice(-SPARK.points);
  const highest = Math.max(...recent, Number.MIN_VALUE);
  const points = recent.map(
    (gap, index) =>
      `${((index * SPARK.width) / Math.max(1, recent.length - 1)).toFixed(1)},${(SPARK.height - 1 - (gap / highest) * (SPARK.height - 2)).toFixed(1)}`,
  );
  return (
    <>
      {formatMs(p50)} · {formatMs(p95)}
      <svg width={SPARK.width} height={SPARK.height} aria-hidden="true">
        <polyline points={points.join(' ')} />
      </svg>
    </>
  );
}
