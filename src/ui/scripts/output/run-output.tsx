/** What a run showed, in order, and how it ended: prints, tables, plots, errors that lead to their line, times. */
import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { isOwnWork } from '../../../environment/work.ts';
import { type Health, useHealth } from '../../kit/client-context.tsx';
import { formatMs } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import type { Place } from '../../kit/source-editor/source-editor.tsx';
import type { Problem, ScriptRun } from '../script-run.ts';
import classes from '../../kit/plot/output.module.css';
import { PlotView } from '../../kit/plot/plot-view.tsx';
import { PrintView, Value } from './print-view.tsx';
import { PictureView } from './picture-view.tsx';
import { isSpecial } from '../../kit/json/shown.ts';
import { TableView } from '../../kit/table/table-view.tsx';

/** Outputs on the page at once; the latest count. */
const SHOWN = 500;
/** As near to the end as counts as reading the end. */
const NEAR_END_PX = 60;

type Silence = NonNullable<Health['silence']>;

interface Props {
  run: ScriptRun;
  /** Changes with every output. */
  version: number;
  onJump: (place: Place) => void;
}

export function RunOutput({ run, version, onJump }: Props) {
  const { silence } = useHealth();
  const scroller = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  useEffect(() => {
    const element = scroller.current;
    if (element && following.current && run.state === 'running') element.scrollTop = element.scrollHeight;
    // `version` stands for the outputs, which are one growing list.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [version, run]);

  const { outputs } = run;
  const first = Math.max(0, outputs.length - SHOWN);
  return (
    <div
      ref={scroller}
      className={classes.outputs}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it
      tabIndex={0}
      role="log"
      aria-label="Output"
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) =>
        (following.current = scrollHeight - scrollTop - clientHeight < NEAR_END_PX)
      }
    >
      {silence && !run.isOver && <Blocked silence={silence} run={run} onRestart={() => void run.restartWorker()} />}
      {first > 0 && <p className={classes.note}>{first.toLocaleString('en')} earlier outputs are not shown.</p>}
      {outputs.slice(first).map((output, i) => {
        const key = first + i;
        if (output.event === 'print') return <PrintView key={key} {...output.data} />;
        if (output.event === 'table') return <TableView key={key} {...output.data} />;
        if (output.event === 'picture') return <PictureView key={key} {...output.data} />;
        return <PlotView key={key} plot={output.data} />;
      })}
      {run.state === 'failed' && <Problems problems={run.problems} onJump={onJump} />}
      <Ending run={run} />
    </div>
  );
}

function Problems({ problems, onJump }: { problems: readonly Problem[]; onJump: (place: Place) => void }) {
  return (
    <section className={classes.problems} role="alert">
      {problems.map(({ place, message }) => (
        <div key={`${place?.line}:${place?.column}:${message}`} className={classes.problem}>
          <Icon name="warning" />
          <span>{message}</span>
          {place && (
            <Button size="compact-xs" variant="default" onClick={() => onJump(place)}>
              Line {place.line}, column {place.column}
            </Button>
          )}
        </div>
      ))}
    </section>
  );
}

function Blocked({ silence, run, onRestart }: { silence: Silence; run: ScriptRun; onRestart: () => void }) {
  const since = formatMs(Math.floor(silence.ms / 1000) * 1000);
  return (
    <section className={classes.blocked} role="alert">
      <Icon name="warning" />
      <div>
        {run.isYoungerThan(silence.ms)
          ? waitsForWorker(since)
          : isOwnWork(silence.work)
            ? waitsForWork(since, silence)
            : blocks(since, run)}
      </div>
      <Button size="compact-sm" color="red" onClick={onRestart}>
        Restart worker
      </Button>
    </section>
  );
}

const waitsForWorker = (since: string) => (
  <>
    <b>The script waits for the worker</b>, which has not answered for {since}, since before the script. If that is not just a long
    computation, restart the worker: the script ends with it, and the weights are loaded anew.
  </>
);

const waitsForWork = (since: string, { work }: Silence) => (
  <>
    <b>The script waits for {work?.what}</b>, which has taken {since} so far. Stop takes effect when that has ended; a restart of the worker
    ends it now, and the weights are loaded anew.
  </>
);

const blocks = (since: string, { script: { language } }: ScriptRun) => (
  <>
    <b>The script blocks the worker</b>, which has not answered for {since}.{' '}
    {language === 'python' ? (
      <>
        What Python computes in one piece, such as <code>sum(range(10**12))</code>, cannot be stopped from outside.
      </>
    ) : (
      <>
        A loop that makes no call of <code>client</code> cannot be stopped from outside.
      </>
    )}{' '}
    If it is not just a long computation, restart the worker: the script ends, and the weights are loaded anew.
  </>
);

function Ending({ run: { state, summary, elapsedMs, problems } }: { run: ScriptRun }) {
  if (state === 'running') return null;
  const returned = summary && !(isSpecial(summary.result) && summary.result.$type === 'undefined');
  return (
    <>
      {returned && (
        <div className={classes.result}>
          <span className="gb-label">Returned</span>
          <Value value={summary.result} />
        </div>
      )}
      {summary && summary.left_out > 0 && (
        <p className={classes.note}>{summary.left_out.toLocaleString('en')} outputs beyond the limit were left out.</p>
      )}
      <p className={classes.note}>
        {summary ? `Ended after ${formatMs(summary.duration_ms)} in the worker` : state === 'failed' ? 'Failed' : 'Stopped'}
        {elapsedMs !== null && (summary ? `; ${formatMs(elapsedMs)} as seen from the page.` : ` after ${formatMs(elapsedMs)}.`)}
        {state === 'stopped' && problems.map(({ message }) => ` ${message}`)}
      </p>
    </>
  );
}
