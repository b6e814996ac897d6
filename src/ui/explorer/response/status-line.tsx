/** One line over every response: status, time, size, transport, and where the time went. */
import { useEffect, useState } from 'react';
import { formatBytes, formatMs } from '../../kit/format.ts';
import { ModeTag } from '../../kit/method.tsx';
import type { Run } from '../request/use-send.ts';
import classes from './response.module.css';
import { PhaseStrip } from './waterfall.tsx';

export function StatusLine({ run }: { run: Run }) {
  const { exchange, status } = run;
  if (status === 'running') return <Running run={run} />;
  if (!exchange) return <div className={classes.status}>Nothing sent yet</div>;
  const good = exchange.ok;
  return (
    <div className={classes.status} role="status">
      <span className={classes.code} data-ok={good}>
        {exchange.status} {good ? 'OK' : (exchange.problem?.title ?? 'Failed')}
      </span>
      <span className="gb-num">{formatMs(exchange.duration_ms)}</span>
      {exchange.body_bytes > 0 && <span className="gb-num">{formatBytes(exchange.body_bytes)}</span>}
      <ModeTag mode={exchange.mode} />
      <PhaseStrip timings={exchange.timings} mode={exchange.mode} />
    </div>
  );
}

function Running({ run }: { run: Run }) {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 100);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className={classes.status} data-running>
      <span className={classes.spinner} />
      <span>Running</span>
      <span className="gb-num">{formatMs(Math.max(0, now - run.startedAt))}</span>
      {run.eventCount > 0 && <span className="gb-num">{run.eventCount} events</span>}
      <ModeTag mode={run.mode} />
    </div>
  );
}
