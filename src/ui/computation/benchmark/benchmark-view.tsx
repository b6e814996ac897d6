/** Benchmarks: written on the left, read off on the right as they come. */
import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { ApiError } from '../../../contract/index.ts';
import { useClient, useHealth } from '../../kit/client-context.tsx';
import { FormFaults } from '../../kit/entry/form-faults.tsx';
import { useModel } from '../../kit/model/use-model.ts';
import { ProblemAlert } from '../../kit/problem/problem-alert.tsx';
import { kernelsQuery, plansQuery } from '../queries.ts';
import { type BenchmarkDraft, EMPTY, inputOf, presetsOf, sharedSizes, sweptOf } from './benchmark-draft.ts';
import { BenchmarkForm } from './benchmark-form.tsx';
import { BenchmarkResults } from './benchmark-results.tsx';
import { useBenchmarks } from './benchmark-store.ts';
import { isSame, linkedBy, remarksOn, withKnown } from './link.ts';
import { useHashSearch } from '../../kit/address/hash-location.ts';
import { LinkNotice, Remarks } from '../../kit/address/link-notice.tsx';
import { Blank, Columns, Frame, Main, Side } from '../../kit/layout/frame.tsx';
import { useIntoSight } from '../../kit/layout/use-into-sight.ts';
import { Waiting } from '../../kit/problem/waiting.tsx';

/** Outlives the tab: going to a kernel and back loses nothing. */
let kept: BenchmarkDraft = EMPTY;

export function BenchmarkView() {
  const client = useClient();
  const search = useHashSearch();
  const { worker } = useHealth();
  const kernels = useQuery({ ...kernelsQuery(client), enabled: worker === 'ready' });
  const { data: model } = useModel();
  const plans = useQuery({ ...plansQuery(client, model?.weights?.weights_hash), enabled: worker === 'ready' });
  const { runs, error, store } = useBenchmarks();
  const linked = linkedBy(search);
  const [written, setDraft] = useState(linked ?? kept);
  const [applied, setApplied] = useState(search);
  // What the link's draft took the place of, while that matters.
  const [before, setBefore] = useState<BenchmarkDraft | null>(null);
  const [read, setRead] = useState('');
  if (applied !== search) {
    setApplied(search);
    setRead('');
    setBefore(linked && !isSame(written, EMPTY) && !isSame(written, linked) ? written : null);
    setDraft(linked ?? kept);
  }
  const [sent, setSent] = useState<BenchmarkDraft | null>(null);
  const [shown, setShown] = useState<number | null>(null);
  const { ref: results, narrow, show: showResults } = useIntoSight<HTMLDivElement>();

  // Who is named may be newer than what is remembered here.
  const { refetch } = plans;
  useEffect(() => {
    if (search && worker === 'ready') void refetch();
  }, [search, worker, refetch]);

  const failure = kernels.error ?? plans.error;
  if (failure || !kernels.data || !plans.data)
    return <Waiting what="kernels and plans" error={failure} onRetry={() => void Promise.all([kernels.refetch(), plans.refetch()])} />;
  const [knownKernels, knownPlans] = [kernels.data, plans.data];
  const draft = withKnown(written, knownKernels, knownPlans);
  const remarks = plans.isFetching ? [] : remarksOn(search, knownKernels, knownPlans);

  const set = (next: BenchmarkDraft) => {
    kept = next;
    setDraft(next);
    setBefore(null);
  };
  const start = (next: BenchmarkDraft, title?: string) => {
    setSent(next);
    const shared = sharedSizes(next, knownKernels);
    try {
      const input = inputOf(next, shared);
      setShown(null);
      void store.start(input, title ?? [...next.kernels, ...next.plans].join(', '), sweptOf(next, shared));
      showResults();
    } catch (reason) {
      store.fail(ApiError.from(reason));
    }
  };
  // The answer to another benchmark says nothing of this one.
  const refused = sent === draft ? error : null;
  const run = runs.find(({ number }) => number === shown) ?? runs[0];
  const underWay = runs.find(({ state }) => state === 'running');
  const notice = (before !== null || remarks.length > 0) && read !== search && (
    <LinkNotice
      tone={remarks.length > 0 ? 'warn' : 'info'}
      actions={[
        ...(before ? [{ label: 'Put back what was here', run: () => set(before) }] : []),
        { label: 'Close', run: () => setRead(search) },
      ]}
    >
      {linked && <p>The link chose what is measured; nothing has been run.</p>}
      <Remarks remarks={remarks} />
    </LinkNotice>
  );
  return (
    <FormFaults error={refused}>
      <Frame>
        <Columns width="21rem" formFirst>
          <Side aria-label="Benchmark to run">
            {narrow && notice}
            <BenchmarkForm
              draft={draft}
              refused={refused}
              onChange={set}
              kernels={knownKernels}
              plans={knownPlans}
              presets={presetsOf(knownKernels, knownPlans, model)}
              onPreset={(preset) => {
                set(preset.draft);
                start(preset.draft, preset.name);
              }}
              running={underWay !== undefined}
              onStart={() => {
                if (draft !== written) set(draft);
                start(draft);
              }}
              onStop={() => store.stop()}
            />
          </Side>
          <Main ref={results}>
            {!narrow && notice}
            {refused && <ProblemAlert error={refused} />}
            {runs.length > 1 && (
              <NativeSelect
                label="Benchmark shown"
                value={String(run?.number)}
                data={runs.map(({ number, title, state }) => ({
                  value: String(number),
                  label: `${number}: ${title}${state === 'done' ? '' : `, ${state}`}`,
                }))}
                onChange={({ currentTarget }) => setShown(Number(currentTarget.value))}
              />
            )}
            {run ? (
              <BenchmarkResults key={run.number} run={run} />
            ) : (
              <Blank title="Nothing was measured yet">
                <p>
                  Choose a ready-made benchmark, or kernels and plans of your own with sizes to measure them at. Each is warmed up,
                  repeated, held against what this device gives for a large matrix product and a large copy, and compared with its
                  reference.
                </p>
              </Blank>
            )}
          </Main>
        </Columns>
      </Frame>
    </FormFaults>
  );
}
