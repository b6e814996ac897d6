/** Where the time of a call went, phase by phase, and beside it the same call by the other transport. */
import { Button, Tooltip } from '@mantine/core';
import { formatMs } from '../../kit/format.ts';
import { ModeTag } from '../../kit/method.tsx';
import type { Exchange } from '../../kit/exchange.ts';
import type { Run } from '../request/use-send.ts';
import { extent, type Phase, phasesOf } from './phases.ts';
import classes from './waterfall.module.css';

interface Props {
  run: Run;
  exchange: Exchange;
  onCompare: () => void;
  /** Why the other transport cannot be tried, if it cannot. */
  refusal: string | undefined;
}

export function TimingView({ run, exchange, onCompare, refusal }: Props) {
  const { comparison, comparing } = run;
  const phases = phasesOf(exchange.timings);
  const others = comparison ? phasesOf(comparison.timings) : [];
  const scale = extent(phases, others);
  return (
    <div className={classes.root}>
      <Waterfall exchange={exchange} phases={phases} scale={scale} />
      {comparison && <Waterfall exchange={comparison} phases={others} scale={scale} />}
      {comparison && <Verdict exchange={exchange} comparison={comparison} />}
      <div className={classes.compare}>
        <Button variant="default" loading={comparing ?? false} disabled={refusal !== undefined} onClick={onCompare}>
          {comparison ? 'Compare again' : `Send the same ${exchange.mode === 'direct' ? 'RESTful' : 'direct'}`}
        </Button>
        <span>
          {refusal ?? 'The same input by the other transport, on one scale. An endpoint that changes something changes it again.'}
        </span>
      </div>
    </div>
  );
}

function Waterfall({ exchange, phases, scale }: { exchange: Exchange; phases: Phase[]; scale: number }) {
  return (
    <figure className={classes.figure} data-mode={exchange.mode}>
      <figcaption>
        <ModeTag mode={exchange.mode} />
        <span className="gb-num">{formatMs(exchange.duration_ms)}</span>
        {!exchange.ok && <span className="gb-bad">{exchange.status}</span>}
      </figcaption>
      {phases.length === 0 ? (
        <p className="gb-muted">No phases were measured: the call failed before it reached the service.</p>
      ) : (
        <ol>
          {phases.map((phase) => (
            <li key={phase.name}>
              <Tooltip label={phase.about} position="top-start">
                <span className={classes.name}>{phase.name}</span>
              </Tooltip>
              <span className={classes.track}>
                <span
                  className={classes.bar}
                  data-side={phase.side}
                  style={{ left: `${(phase.start_ms / scale) * 100}%`, width: `${(phase.duration_ms / scale) * 100}%` }}
                />
              </span>
              <span className={classes.value}>{formatMs(phase.duration_ms)}</span>
            </li>
          ))}
        </ol>
      )}
    </figure>
  );
}

function Verdict({ exchange, comparison }: { exchange: Exchange; comparison: Exchange }) {
  if (!exchange.ok || !comparison.ok) return null;
  const [restful, direct] = exchange.mode === 'restful' ? [exchange, comparison] : [comparison, exchange];
  const extra = restful.duration_ms - direct.duration_ms;
  return (
    <p className="gb-muted">
      {extra >= 0 ? `REST cost ${formatMs(extra)} more` : `REST was ${formatMs(-extra)} quicker`} on this call (
      {(restful.duration_ms / Math.max(direct.duration_ms, 1e-6)).toFixed(1)} ×). One call is no measurement: the figures by the switch are
      medians.
    </p>
  );
}

/** All phases in one thin line, for the line of the status. */
export function PhaseStrip({ timings, mode }: Pick<Exchange, 'timings' | 'mode'>) {
  const phases = phasesOf(timings);
  const scale = extent(phases);
  if (phases.length === 0) return null;
  return (
    <span
      className={classes.strip}
      data-mode={mode}
      role="img"
      aria-label={phases.map(({ name, duration_ms }) => `${name} ${formatMs(duration_ms)}`).join(', ')}
    >
      {phases.map(({ name, side, duration_ms }) => (
        <span
          key={name}
          className={classes.bar}
          data-side={side}
          style={{ width: `${(duration_ms / scale) * 100}%` }}
          title={`${name} ${formatMs(duration_ms)}`}
        />
      ))}
    </span>
  );
}
