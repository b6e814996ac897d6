/** Workloads, simulated or run: made on the left, their metrics and timelines on the right, two beside each other to compare. */
import { counted } from '../../../environment/counted.ts';
import { Button, NativeSelect, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useObserved } from '../../kit/use-observed.ts';
import { useClient } from '../../kit/client-context.tsx';
import { FormFaults, useFaultFocus } from '../../kit/entry/form-faults.tsx';
import { Icon } from '../../kit/icons.tsx';
import { StopButton } from '../../kit/stop-button.tsx';
import { ProblemAlert } from '../../kit/problem/problem-alert.tsx';
import { usePolicy } from '../policy-form.tsx';
import classes from '../scheduler.module.css';
import { inputOf, NEW_SCHEDULE, type ScheduleDraft, type Settings, titleOf } from './draft.ts';
import { MetricsTable } from './metrics-table.tsx';
import { RunSummary } from './run-summary.tsx';
import { RunTimelines } from './run-timelines.tsx';
import { type Run, runStoreOf } from './run-store.ts';
import { SettingsForm } from './settings-form.tsx';
import { WorkloadForm } from '../../kit/workload/workload-form.tsx';
import { Card } from '../../kit/layout/card.tsx';
import { Blank, Columns, Main, Side } from '../../kit/layout/frame.tsx';
import { FormStack, Submit } from '../../kit/layout/fields.tsx';
import { useIntoSight } from '../../kit/layout/use-into-sight.ts';

export function RunsView({ ready }: { ready: boolean }) {
  const store = runStoreOf(useClient());
  const { runs, underWay, failure } = useObserved(store.state);
  const { data: policy } = usePolicy(ready);
  const [draft, setDraft] = useState<ScheduleDraft>(NEW_SCHEDULE);
  const [shown, setShown] = useState<{ a: string | null; b: string | null }>({ a: null, b: null });
  const { workload, settings } = draft;
  const set = (change: Partial<ScheduleDraft>) => setDraft((was) => ({ ...was, ...change }));
  const a = runs.find(({ name }) => name === shown.a) ?? runs[0] ?? null;
  const b = runs.find(({ name }) => name === shown.b && name !== a?.name) ?? null;

  const { ref: results, show: showResults } = useIntoSight<HTMLDivElement>();

  // The answer to another workload says nothing of this one.
  const [sent, setSent] = useState<ScheduleDraft | null>(null);
  const refused = sent === draft ? failure : null;
  const form = useFaultFocus<HTMLFormElement>(refused);
  const start = async () => {
    setSent(draft);
    try {
      const run = await store.start(inputOf(draft), titleOf(draft, policy?.policy));
      // The one before stays beside it where one was comparing.
      if (run) showResults();
      if (run) setShown((was) => (was.b === null ? { a: run.name, b: null } : { a: was.a, b: run.name }));
    } catch (error) {
      store.fail(error);
    }
  };
  return (
    <FormFaults error={refused}>
      <Columns formFirst>
        <Side aria-label="Workload">
          <Card>
            <FormStack
              ref={form}
              onSubmit={(event) => {
                event.preventDefault();
                void start();
              }}
            >
              <SegmentedControl
                fullWidth
                aria-label="Mode"
                data={[
                  { value: 'simulate', label: 'Simulate' },
                  { value: 'run', label: 'Run live' },
                ]}
                value={settings.mode}
                onChange={(mode) => set({ settings: { ...settings, mode: mode as Settings['mode'] } })}
              />
              <WorkloadForm draft={workload} set={(change) => setDraft((was) => ({ ...was, workload: { ...was.workload, ...change } }))} />
              <SettingsForm settings={settings} onChange={(next) => set({ settings: next })} policy={policy} />
              <Submit>
                {underWay ? (
                  <StopButton fullWidth onStop={() => store.stop()}>
                    Stop{underWay.mode === 'run' && underWay.steps > 0 ? `, ${counted(underWay.steps, 'step')} so far` : ''}
                  </StopButton>
                ) : (
                  <Button fullWidth type="submit" disabled={!ready} leftSection={<Icon name="play" />}>
                    {settings.mode === 'simulate' ? 'Simulate' : 'Run'}
                  </Button>
                )}
              </Submit>
            </FormStack>
          </Card>
        </Side>
        <Main ref={results}>
          {refused !== null && <ProblemAlert error={refused} />}
          {underWay && (
            <p className="gb-muted" role="status">
              {underWay.mode === 'run' ? 'The engine serves the workload in real time; the live view shows it as it goes.' : 'Simulating…'}
            </p>
          )}
          {a ? (
            <Results a={a} b={b} runs={runs} onShow={setShown} />
          ) : (
            <Blank title="One workload, two policies">
              <p>
                Simulate a workload under one policy, change the policy, simulate again, and compare: metrics beside each other, both
                timelines on one axis. The simulation runs the engine’s own scheduler, block manager and policy; only the time of a step
                comes from a cost model.
              </p>
            </Blank>
          )}
        </Main>
      </Columns>
    </FormFaults>
  );
}

function Results({
  a,
  b,
  runs,
  onShow,
}: {
  a: Run;
  b: Run | null;
  runs: readonly Run[];
  onShow: (shown: { a: string; b: string | null }) => void;
}) {
  const options = runs.map(({ name, title }) => ({ value: name, label: `${name}: ${title}` }));
  return (
    <>
      <Card aria-label="Results">
        <div className={classes.chooser}>
          <NativeSelect
            label="Run"
            data={options}
            value={a.name}
            onChange={({ currentTarget }) =>
              onShow({ a: currentTarget.value, b: b?.name === currentTarget.value ? null : (b?.name ?? null) })
            }
          />
          <NativeSelect
            label="Compare with"
            data={[
              { value: '', label: runs.length > 1 ? 'nothing' : 'nothing yet: change something and run again' },
              ...options.filter(({ value }) => value !== a.name),
            ]}
            value={b?.name ?? ''}
            onChange={({ currentTarget }) => onShow({ a: a.name, b: currentTarget.value || null })}
          />
        </div>
        <RunSummary run={a} />
        {b && <RunSummary run={b} />}
        <MetricsTable a={a} b={b} />
      </Card>
      <RunTimelines key={`${a.name}/${b?.name ?? ''}`} a={a} b={b} />
    </>
  );
}
