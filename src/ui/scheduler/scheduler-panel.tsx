/** The scheduler panel: the engine's steps with the reason for each decision, live; and workloads to simulate, step through and compare. */
import { SegmentedControl } from '@mantine/core';
import { useLocation } from 'wouter';
import { useModel } from '../kit/use-model.ts';
import { useSmallWorkload, WorkloadButton } from '../memory/workload-button.tsx';
import { ModelNotice } from '../playground/model-notice.tsx';
import { ProblemAlert } from '../playground/problem-alert.tsx';
import { LiveView } from './live-view.tsx';
import { RunsView } from './runs/runs-view.tsx';
import classes from './scheduler.module.css';

export function SchedulerPanel() {
  const [path, navigate] = useLocation();
  const view = path.startsWith('/scheduler/workloads') ? 'workloads' : 'live';
  const { data: model } = useModel();
  const ready = model?.weights !== undefined && model.weights !== null;
  const workload = useSmallWorkload();
  return (
    <div className={classes.panel}>
      <header className={classes.top}>
        <h1>Scheduler</h1>
        <SegmentedControl
          aria-label="View"
          data={[
            { value: 'live', label: 'Live' },
            { value: 'workloads', label: 'Workloads' },
          ]}
          value={view}
          onChange={(next) => navigate(next === 'live' ? '/scheduler' : '/scheduler/workloads')}
        />
        <span className={classes.spring} />
        {view === 'live' && <WorkloadButton disabled={!ready} />}
      </header>
      {(!ready || workload.failure !== null) && (
        <div className={classes.notices}>
          <ModelNotice model={model} />
          {workload.failure !== null && <ProblemAlert error={workload.failure} />}
        </div>
      )}
      {view === 'live' ? <LiveView ready={ready} /> : <RunsView ready={ready} />}
    </div>
  );
}
