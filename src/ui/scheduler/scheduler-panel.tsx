/** The scheduler panel: the engine's steps with the reason for each decision, live; and workloads to simulate, step through and compare. */
import { SegmentedControl } from '@mantine/core';
import { useLocation } from 'wouter';
import { pathPart } from '../kit/address/hash-location.ts';
import { NotFound } from '../kit/not-found.tsx';
import { useModel } from '../kit/model/use-model.ts';
import { useSmallWorkload, WorkloadButton } from '../kit/workload/workload-button.tsx';
import { ModelNotice } from '../kit/model/model-notice.tsx';
import { ProblemAlert } from '../kit/problem/problem-alert.tsx';
import { LiveView } from './live-view.tsx';
import { RunsView } from './runs/runs-view.tsx';
import classes from './scheduler.module.css';
import { Frame, PanelBar, Spring } from '../kit/layout/frame.tsx';

const VIEWS = [
  { value: 'live', label: 'Live' },
  { value: 'workloads', label: 'Workloads' },
] as const;

const PLACES = VIEWS.map(({ value, label }) => ({
  id: value,
  title: label,
  href: value === 'live' ? '/scheduler' : `/scheduler/${value}`,
}));

export function SchedulerPanel() {
  const [path, navigate] = useLocation();
  const named = pathPart(path, 2);
  const view = VIEWS.find(({ value }) => value === (named || 'live'))?.value;
  const { data: model } = useModel();
  const ready = model?.weights !== undefined && model.weights !== null;
  const workload = useSmallWorkload();
  return (
    <Frame>
      <PanelBar title="Scheduler">
        <SegmentedControl
          aria-label="View"
          data={[...VIEWS]}
          value={view ?? ''}
          onChange={(next) => navigate(next === 'live' ? '/scheduler' : '/scheduler/workloads')}
        />
        <Spring />
        {view === 'live' && <WorkloadButton disabled={!ready} />}
      </PanelBar>
      {(!ready || workload.failure !== null) && (
        <div className={classes.notices}>
          <ModelNotice model={model} />
          {workload.failure !== null && <ProblemAlert error={workload.failure} />}
        </div>
      )}
      {view === 'live' && <LiveView ready={ready} />}
      {view === 'workloads' && <RunsView ready={ready} />}
      {view === undefined && <NotFound what="view of the scheduler" id={named} known={PLACES} />}
    </Frame>
  );
}
