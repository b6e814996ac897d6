/** An experiment that is open: how far it is, what one can do with it, and what its runs gave. */
import { Button, Menu, NativeSelect, Progress } from '@mantine/core';
import { useMemo, useState } from 'react';
import { formatMs } from '../../kit/format.ts';
import { navigate } from '../../kit/address/hash-location.ts';
import { Moment, momentText } from '../../kit/moment.tsx';
import { Icon } from '../../kit/icons.tsx';
import { ProblemAlert } from '../../kit/problem/problem-alert.tsx';
import { download } from '../../kit/download.ts';
import { addressOf } from './address.ts';
import { combinationsOf, variedFields } from './combinations.ts';
import { hasSameGrid } from './compare.ts';
import { ComparisonCard } from './comparison.tsx';
import {
  canResume,
  type Experiment,
  type ExperimentInput,
  type ExperimentSummary,
  inputOfRecord,
  isActive,
  nameText,
  parametersText,
} from './experiment.ts';
import classes from './experiments.module.css';
import { FIGURES, figuresOf } from './figures.ts';
import { LinkButton } from './link-button.tsx';
import { likelyFigure } from './plot.ts';
import { RecordCard } from './record-card.tsx';
import { RunsPlot } from './runs-plot.tsx';
import { RunsTable } from './runs-table.tsx';
import { useActions, useExperiment } from './use-experiments.ts';
import { Card, CardHead } from '../../kit/layout/card.tsx';
import { Hint } from '../../kit/layout/hint.tsx';
import { Badge } from '../../kit/layout/badge.tsx';
import { STATE_TONES } from './state-tones.ts';

interface Props {
  experiment: Experiment;
  beside: string | null;
  all: readonly ExperimentSummary[];
  onChange: (input: ExperimentInput) => void;
}

export function OpenedExperiment({ experiment, beside, all, onChange }: Props) {
  const { data: other = null } = useExperiment(beside);
  const [figureId, setFigureId] = useState<string>();
  const combinations = useMemo(() => combinationsOf(experiment.runs), [experiment.runs]);
  const fields = useMemo(() => variedFields(combinations), [combinations]);
  const measured = useMemo(() => figuresOf(experiment.runs), [experiment.runs]);
  const figure = measured.find(({ id }) => id === figureId) ?? likelyFigure(measured, fields) ?? FIGURES[0]!;
  const subjects = useMemo(
    () => [{ label: other ? 'A' : null, combinations }, ...(other ? [{ label: 'B', combinations: combinationsOf(other.runs) }] : [])],
    [combinations, other],
  );
  return (
    <>
      <Card aria-label="Experiment">
        <Head experiment={experiment} onChange={onChange} />
        {all.length > 1 && (
          <NativeSelect
            className={classes.beside ?? ''}
            label="Compare with"
            data={[
              { value: '', label: 'nothing' },
              ...all
                .filter(({ id }) => id !== experiment.id)
                .map(({ id, name, created_at }) => ({ value: id, label: `${nameText(name)}, ${momentText(created_at)}` })),
            ]}
            value={beside ?? ''}
            onChange={({ currentTarget }) =>
              navigate(addressOf({ id: experiment.id, beside: currentTarget.value || null }), { replace: true })
            }
          />
        )}
        {other && !hasSameGrid(experiment, other) && (
          <Hint>Their grids are not the same; only the combinations that both have are compared.</Hint>
        )}
        <Notes experiment={experiment} />
      </Card>
      {measured.length > 0 && fields.length > 0 && (
        <RunsPlot subjects={subjects} figures={measured} figure={figure} onFigure={setFigureId} />
      )}
      {other && <ComparisonCard a={experiment} b={other} figure={figure} fields={fields} />}
      <RunsTable runs={experiment.runs} combinations={combinations} fields={fields} />
      {experiment.record && <RecordCard record={experiment.record} />}
    </>
  );
}

function Head({ experiment, onChange }: Pick<Props, 'experiment' | 'onChange'>) {
  const { start, end } = useActions();
  const { id, name, state, progress, created_at, record, artifacts } = experiment;
  const { runs_done, runs_total, eta_ms } = progress;
  const active = isActive(experiment);
  const measuredMs = experiment.runs.reduce((sum, { duration_ms }) => sum + (duration_ms ?? 0), 0);
  const failure = start.error ?? end.error;
  const begin = (input: ExperimentInput) => start.mutate(input, { onSuccess: (made) => navigate(addressOf({ id: made.id })) });
  return (
    <>
      <CardHead>
        <h2>
          {nameText(name)}
          <Badge round tone={STATE_TONES[state]}>
            {state}
          </Badge>
          <small>
            {runs_done === runs_total ? runs_total : `${runs_done} of ${runs_total}`} {runs_total === 1 ? 'run' : 'runs'}
            {measuredMs > 0 && ` in ${formatMs(measuredMs)}`}, begun <Moment at={created_at} />
          </small>
        </h2>
        <div className="gb-row gb-tight">
          {active && (
            <Button
              color="red"
              variant="light"
              size="compact-sm"
              loading={end.isPending}
              leftSection={<Icon name="stop" size={14} />}
              onClick={() => end.mutate(id)}
            >
              Stop
            </Button>
          )}
          {canResume(experiment) && (
            <Button
              size="compact-sm"
              loading={start.isPending}
              leftSection={<Icon name="play" size={14} />}
              onClick={() => begin({ resume: id })}
            >
              Resume
            </Button>
          )}
          {!active && record && (
            <>
              <Button
                variant="default"
                size="compact-sm"
                leftSection={<Icon name="refresh" size={14} />}
                onClick={() => begin({ repeat_of: id })}
              >
                Run again
              </Button>
              <Button
                variant="default"
                size="compact-sm"
                leftSection={<Icon name="code" size={14} />}
                onClick={() => onChange(inputOfRecord(record))}
              >
                Edit as new
              </Button>
            </>
          )}
          {record && <LinkButton record={record} />}
          {!active && <Export name={name} files={[...artifacts, wholeOf(experiment)]} />}
          {!active && <Delete onDelete={() => end.mutate(id, { onSuccess: () => navigate(addressOf({})) })} />}
        </div>
      </CardHead>
      {active && (
        <div className={classes.progress}>
          <Progress size={6} value={(100 * runs_done) / runs_total} aria-label="Runs done" />
          <p role="status">
            {state === 'queued' ? 'Waits for the device.' : `${runs_done} of ${runs_total} runs`}
            {state === 'running' && (eta_ms === null ? ', the first is under way' : `, about ${formatMs(eta_ms)} to go`)}
          </p>
        </div>
      )}
      {failure !== null && <ProblemAlert error={failure} />}
    </>
  );
}

const wholeOf = (experiment: Experiment) => ({
  name: 'experiment.json',
  media_type: 'application/json',
  get content() {
    return JSON.stringify(experiment, null, 2);
  },
});

function Export({ name, files }: { name: string; files: readonly Experiment['artifacts'][number][] }) {
  const prefix = name.replaceAll(/[^\w.-]+/g, '-').slice(0, 60);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="compact-sm" leftSection={<Icon name="download" size={14} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {files.map((file) => (
          <Menu.Item key={file.name} onClick={() => download(file.content, `${prefix}-${file.name}`, file.media_type)}>
            {file.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** What was measured cannot be brought back, so it is asked once more. */
function Delete({ onDelete }: { onDelete: () => void }) {
  const [asked, setAsked] = useState(false);
  return (
    <Button
      variant={asked ? 'light' : 'default'}
      {...(asked && { color: 'red' })}
      size="compact-sm"
      leftSection={<Icon name="close" size={14} />}
      onClick={() => (asked ? onDelete() : setAsked(true))}
      onBlur={() => setAsked(false)}
    >
      {asked ? 'Delete for good' : 'Delete'}
    </Button>
  );
}

/** Why it ended early, and what was used in place of what was asked for. */
function Notes({ experiment: { error, state, runs, record } }: { experiment: Experiment }) {
  const fallbacks = new Map(
    runs.flatMap(({ used }) => used?.fallbacks ?? []).map((fallback) => [`${fallback.field} ${fallback.reason}`, fallback] as const),
  );
  const grid = record ? inputOfRecord(record).grid : undefined;
  const fixed = Object.fromEntries(
    Object.entries(grid ?? {}).flatMap(([field, values]) => (values?.length === 1 ? [[field, values[0]]] : [])),
  );
  return (
    <>
      {Object.keys(fixed).length > 0 && <Hint>In every run: {parametersText(fixed)}</Hint>}
      {error !== null && (state === 'failed' ? <p className="gb-bad">{error}</p> : <Hint>{error}</Hint>)}
      {fallbacks.size > 0 && (
        <ul className="gb-bullets gb-small gb-warn">
          {[...fallbacks.values()].map(({ field, asked, used, reason }) => (
            <li key={`${field} ${reason}`}>
              <code>{field}</code>: {JSON.stringify(asked)} was asked for, {JSON.stringify(used)} used. {reason}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
