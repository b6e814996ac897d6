/** The engine live: its timeline with the reason for each decision, the queue, and the active policy. */
import { Button, SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import { ProblemAlert } from '../kit/problem/problem-alert.tsx';
import { type AxisKind, fullView, type View } from './axis.ts';
import { DecisionCard } from './decision-card.tsx';
import { LiveFigures } from './live-figures.tsx';
import { PolicyForm } from './policy-form.tsx';
import { QueueTable } from './queue-table.tsx';
import classes from './scheduler.module.css';
import { type Selection, TimelineCanvas } from './timeline-canvas.tsx';
import { TimelineLegend } from './timeline-legend.tsx';
import timelineClasses from './timeline.module.css';
import { lanesWithin, type Step, timelineOf } from './timeline.ts';
import { useQueue } from './use-queue.ts';
import { Card } from '../kit/layout/card.tsx';
import { Columns, Main, Side, Spring } from '../kit/layout/frame.tsx';

export function LiveView({ ready }: { ready: boolean }) {
  if (!ready) return null;
  return (
    <Columns>
      <Main>
        <Followed />
      </Main>
      <Side aria-label="Policy">
        <PolicyForm />
      </Side>
    </Columns>
  );
}

/** Apart from the form, which need not be drawn again ten times a second. */
function Followed() {
  const { data, error } = useQueue(true);
  return (
    <>
      {error !== null && <ProblemAlert error={error} />}
      {data && (
        <>
          <Card aria-label="Now">
            <LiveFigures {...data} />
          </Card>
          <LiveTimeline steps={data.steps} />
          <QueueTable queue={data.queue} />
        </>
      )}
    </>
  );
}

/** How much a view that follows shows. */
const SHOWN = { steps: 120, time: 2000 } as const;

function LiveTimeline({ steps: newest }: { steps: readonly Step[] }) {
  const [kind, setKind] = useState<AxisKind>('steps');
  /** The steps as they stood when someone began to read; `null` follows. */
  const [frozen, setFrozen] = useState<readonly Step[] | null>(null);
  const [ownView, setOwnView] = useState<View | null>(null);
  const [selection, setSelection] = useState<Selection | null>(null);
  const [held, setHeld] = useState(false);
  const steps = frozen ?? newest;
  const timeline = useMemo(() => timelineOf(steps), [steps]);
  const full = fullView(timeline, kind);
  const followed = { from: Math.max(full.from, full.to - SHOWN[kind]), to: Math.max(full.to, full.from + SHOWN[kind]) };
  const view = frozen && ownView ? ownView : followed;
  const first =
    kind === 'steps'
      ? view.from
      : Math.max(
          0,
          steps.findIndex(({ end_ms }) => end_ms >= view.from),
        );
  const lanes = frozen ? timeline.lanes : lanesWithin(timeline, first, steps.length);
  const stepsOn = (newest.at(-1)?.step ?? 0) - (steps.at(-1)?.step ?? 0);
  const follow = () => {
    setFrozen(null);
    setOwnView(null);
    setSelection(null);
    setHeld(false);
  };
  const freeze = () => {
    if (frozen) return;
    setFrozen(newest);
    setOwnView(followed);
  };
  return (
    <Card aria-label="Timeline">
      <header className={timelineClasses.tools}>
        <h2>Timeline</h2>
        <SegmentedControl
          aria-label="Axis"
          data={[
            { value: 'steps', label: 'Steps' },
            { value: 'time', label: 'Time' },
          ]}
          value={kind}
          onChange={(value) => {
            setKind(value as AxisKind);
            setOwnView(null);
          }}
        />
        <TimelineLegend />
        <Spring />
        {frozen ? (
          <Button variant="default" size="compact-sm" onClick={follow}>
            Follow again
            {stepsOn === 0 ? '' : `, ${stepsOn} ${stepsOn === 1 ? 'step' : 'steps'} on`}
          </Button>
        ) : (
          <Button variant="default" size="compact-sm" disabled={steps.length === 0} onClick={freeze}>
            Hold
          </Button>
        )}
      </header>
      {steps.length === 0 ? (
        <p className={classes.empty}>
          No step was taken yet. Run a small workload, generate something in the playground, or send a workload from the next tab: each
          request becomes a lane here.
        </p>
      ) : (
        <>
          <TimelineCanvas
            label="Live timeline"
            timeline={timeline}
            lanes={lanes}
            kind={kind}
            view={view}
            full={full}
            zeroMs={full.from}
            selection={selection}
            held={held}
            onView={(next) => {
              freeze();
              setOwnView(next);
            }}
            onSelect={(next, hold) => {
              if (hold) freeze();
              setSelection(next);
              setHeld(hold);
            }}
          />
          <DecisionCard timeline={timeline} selection={selection} held={held} zeroMs={timeline.startMs} />
        </>
      )}
    </Card>
  );
}
