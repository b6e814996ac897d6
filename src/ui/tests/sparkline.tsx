/** Durations of the last runs, small enough for a row and large enough to read: the picture of a case's past. */
import { formatMs } from '../kit/format.ts';
import { Icon } from '../kit/icons.tsx';
import { KEPT_RUNS, medianMs, type PastRun } from './history.ts';
import classes from './marks.module.css';

/** A run of 1 ms and one of 100 ms both have a height. */
const heightOf = (ms: number, slowest: number): number => (slowest > 0 ? Math.sqrt(ms / slowest) : 0);

const slowestOf = (runs: readonly PastRun[]): number => Math.max(...runs.map(({ durationMs }) => durationMs), 0);

export function Sparkline({ runs, width = 44, height = 14 }: { runs: readonly PastRun[]; width?: number; height?: number }) {
  if (runs.length < 2) return null;
  const slowest = slowestOf(runs);
  const at = runs.map(({ durationMs }, index) => ({
    x: 2 + (index * (width - 4)) / (runs.length - 1),
    y: height - 2 - heightOf(durationMs, slowest) * (height - 4),
  }));
  const last = at.at(-1)!;
  return (
    <svg className={classes.spark} width={width} height={height} aria-hidden="true">
      <polyline points={at.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')} />
      {at.map(
        ({ x, y }, index) =>
          runs[index]!.verdict === 'failed' && index < at.length - 1 && <circle key={index} cx={x} cy={y} r={1.75} data-verdict="failed" />,
      )}
      <circle cx={last.x} cy={last.y} r={2.25} data-verdict={runs.at(-1)!.verdict} />
    </svg>
  );
}

const WORDS = { passed: 'passed', failed: 'failed' } as const;

/** A bar a run, the latest at the right; a dashed line where other code or weights became active. */
export function RunBars({ runs }: { runs: readonly PastRun[] }) {
  const slowest = slowestOf(runs);
  const failed = runs.filter(({ verdict }) => verdict === 'failed').length;
  return (
    <div
      className={classes.bars}
      role="img"
      aria-label={`The last ${runs.length} runs: ${failed} failed, median ${formatMs(medianMs(runs))}, slowest ${formatMs(slowest)}.`}
    >
      {Array.from({ length: KEPT_RUNS - runs.length }, (_, index) => (
        <span key={`empty ${index}`} />
      ))}
      {runs.map(({ at, verdict, durationMs, code, mode }, index) => {
        const before = runs[index - 1];
        const changed = before !== undefined && before.code !== code;
        const when = new Date(at).toLocaleString();
        return (
          <span
            key={`${at} ${index}`}
            className={classes.bar}
            data-verdict={verdict}
            data-changed={changed || undefined}
            title={`${WORDS[verdict]} in ${formatMs(durationMs)}, ${mode}\n${when}${changed ? '\nother code, weights or case than the run before' : ''}`}
          >
            {verdict === 'failed' && <Icon name="close" size={9} strokeWidth={2.5} />}
            <i style={{ height: `${(84 * heightOf(durationMs, slowest)).toFixed(1)}%` }} />
          </span>
        );
      })}
    </div>
  );
}
