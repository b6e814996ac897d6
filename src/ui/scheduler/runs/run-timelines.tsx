/** The timelines of one run or of two on one axis, with the step that is being read. */
import { Button, SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import { type AxisKind, fullView, type View, zoomed } from '../axis.ts';
import { DecisionCard } from '../decision-card.tsx';
import { type Selection, TimelineCanvas } from '../timeline-canvas.tsx';
import { TimelineLegend } from '../timeline-legend.tsx';
import timelineClasses from '../timeline.module.css';
import { timelineOf } from '../timeline.ts';
import type { Run } from './run-store.ts';
import { Stepper } from './stepper.tsx';
import { Card } from '../../kit/layout/card.tsx';
import { Hint } from '../../kit/layout/hint.tsx';

interface Reading extends Selection {
  run: string;
}

export function RunTimelines({ a, b }: { a: Run; b: Run | null }) {
  const [kind, setKind] = useState<AxisKind>('time');
  const [zoom, setZoom] = useState<View | null>(null);
  const [reading, setReading] = useState<Reading | null>(null);
  const [held, setHeld] = useState(false);
  /** Of run `a`. */
  const [at, setAt] = useState(0);
  const runs = b ? [a, b] : [a];
  const timelines = [useTimeline(a), useTimeline(b ?? a)].slice(0, runs.length);
  const fulls = timelines.map((timeline) => fullView(timeline, kind));
  const full = { from: Math.min(...fulls.map(({ from }) => from)), to: Math.max(...fulls.map(({ to }) => to)) };
  const view = zoom ?? full;
  const first = timelines[0]!;
  const read = runs.findIndex(({ name }) => name === reading?.run);

  const step = (next: number) => {
    setAt(next);
    const requestId = reading?.run === a.name ? reading.requestId : (first.steps[next]?.decisions[0]?.request_id ?? '');
    setReading({ run: a.name, requestId, at: next });
    setHeld(true);
  };
  return (
    <Card aria-label="Timeline of the run">
      <header className={timelineClasses.tools}>
        <h2>{b ? 'Timelines' : 'Timeline'}</h2>
        <SegmentedControl
          aria-label="Axis"
          data={[
            { value: 'time', label: 'Time' },
            { value: 'steps', label: 'Steps' },
          ]}
          value={kind}
          onChange={(value) => {
            setKind(value as AxisKind);
            setZoom(null);
          }}
        />
        <Button.Group>
          <Button variant="default" size="compact-sm" aria-label="Zoom in" onClick={() => setZoom(zoomed(view, full, 0.6))}>
            +
          </Button>
          <Button variant="default" size="compact-sm" aria-label="Zoom out" onClick={() => setZoom(zoomed(view, full, 1 / 0.6))}>
            −
          </Button>
          <Button variant="default" size="compact-sm" disabled={zoom === null} onClick={() => setZoom(null)}>
            All
          </Button>
        </Button.Group>
        <TimelineLegend />
      </header>
      {runs.map((run, i) => (
        <div key={run.name} className="gb-stack gb-tight">
          {b && (
            <h3>
              {run.name} <small>{run.title}</small>
            </h3>
          )}
          {run.result.steps.length === 0 ? (
            <Hint>This run kept no steps.</Hint>
          ) : (
            <TimelineCanvas
              label={`Run ${run.name}`}
              timeline={timelines[i]!}
              kind={kind}
              view={view}
              full={full}
              maxRows={b ? 12 : 16}
              selection={reading?.run === run.name ? reading : null}
              held={held}
              onView={setZoom}
              onSelect={(next, hold) => {
                setReading(next && { ...next, run: run.name });
                setHeld(hold);
                if (next && hold && run === a) setAt(next.at);
              }}
            />
          )}
        </div>
      ))}
      {a.result.steps_left_out > 0 && (
        <Hint>
          {a.result.steps_left_out.toLocaleString('en')} more steps of {a.name} were taken and are not drawn.
        </Hint>
      )}
      <DecisionCard timeline={timelines[Math.max(0, read)]!} selection={reading} held={held} />
      {first.steps.length > 0 && <Stepper timeline={first} at={Math.min(at, first.steps.length - 1)} onStep={step} />}
    </Card>
  );
}

function useTimeline({ result }: Run) {
  return useMemo(
    () => timelineOf(result.steps, new Map(result.requests.map(({ request_id, arrival_ms }) => [request_id, arrival_ms]))),
    [result],
  );
}
