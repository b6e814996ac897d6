/** Steps forward and back through a run: who stands where in a step, and every decision of it. */
import { Slider } from '@mantine/core';
import { useMemo } from 'react';
import { formatMs } from '../../kit/format.ts';
import { DecisionRow } from '../decision-card.tsx';
import { type Standing, standings, type Timeline } from '../timeline.ts';
import classes from './runs.module.css';
import { IconButton } from '../../kit/icon-button.tsx';

interface Props {
  timeline: Timeline;
  at: number;
  onStep: (at: number) => void;
}

const STATES: readonly [Standing, string][] = [
  ['prefill', 'prefill'],
  ['decode', 'decode'],
  ['waiting', 'waiting'],
  ['swapped', 'swapped'],
  ['to_come', 'to come'],
  ['finished', 'finished'],
  ['refused', 'refused'],
];
/** Of more, the number is told. */
const NAMED = 24;

export function Stepper({ timeline, at, onStep }: Props) {
  const { steps } = timeline;
  const step = steps[at];
  const byState = useMemo(() => {
    const groups = new Map<Standing, string[]>();
    for (const [id, standing] of standings(timeline, at)) groups.set(standing, [...(groups.get(standing) ?? []), id]);
    return groups;
  }, [timeline, at]);
  if (!step) return null;
  const go = (by: number) => onStep(Math.min(steps.length - 1, Math.max(0, at + by)));
  return (
    <div className={classes.stepper}>
      <div className="gb-row">
        <IconButton
          icon="chevron"
          label="One step back"
          variant="default"
          style={{ transform: 'scaleX(-1)' }}
          disabled={at === 0}
          onClick={() => go(-1)}
        />
        <IconButton icon="chevron" label="One step forward" variant="default" disabled={at === steps.length - 1} onClick={() => go(1)} />
        <Slider
          className={classes.slider ?? ''}
          size={3}
          thumbSize={14}
          label={null}
          min={0}
          max={Math.max(1, steps.length - 1)}
          value={at}
          onChange={onStep}
          thumbProps={{ 'aria-label': 'Step' }}
        />
        <span className="gb-num">
          step {at + 1} of {steps.length} · {formatMs(step.start_ms)}
        </span>
      </div>
      <dl className={classes.standings}>
        {STATES.map(([state, label]) => {
          const ids = byState.get(state) ?? [];
          return (
            <div key={state} data-state={state} data-empty={ids.length === 0 || undefined}>
              <dt>
                {label} <b className="gb-num">{ids.length}</b>
              </dt>
              <dd>
                {ids.slice(0, NAMED).map((id) => (
                  <code key={id}>{id}</code>
                ))}
                {ids.length > NAMED && ` and ${ids.length - NAMED} more`}
              </dd>
            </div>
          );
        })}
      </dl>
      <details className={classes.decisions} open={step.decisions.length <= 8}>
        <summary>
          {step.decisions.length} {step.decisions.length === 1 ? 'decision' : 'decisions'} of this step
        </summary>
        <div>
          {step.decisions.map((decision, i) => (
            <DecisionRow key={`${decision.request_id}/${decision.index}/${i}`} decision={decision} named />
          ))}
        </div>
      </details>
    </div>
  );
}
