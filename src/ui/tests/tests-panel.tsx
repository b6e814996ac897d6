/** The tests panel: every example of every service as a test that can be looked at, run, watched and taken away. */
import { useCallback, useMemo, useRef, useState } from 'react';
import { routes, type ServiceName } from '../../contract/index.ts';
import { useHealth } from '../kit/client-context.tsx';
import { navigate, pathPart, useHashPath } from '../kit/address/hash-location.ts';
import { ProblemAlert } from '../kit/problem/problem-alert.tsx';
import { CaseDetail } from './case-detail.tsx';
import { CaseEditor } from './case-editor.tsx';
import { CaseList } from './case-list.tsx';
import { endpointOf, hrefOf, keyInPath, type TestCase } from './cases.ts';
import { download } from '../kit/download.ts';
import { type Choice, choose, counts as countsOf, groups as groupsOf } from './filter.ts';
import { FilterBar } from './filter-bar.tsx';
import { draftOf, type OwnCase, toTestCase } from './own-cases.ts';
import { Overview } from './overview.tsx';
import { EmptyList, ProgressLine, standingOf, Welcome } from './panel-parts.tsx';
import { jsonReport, junitXml } from './report.ts';
import classes from './tests.module.css';
import { Toolbar } from './toolbar.tsx';
import { useKeys, useTests } from './use-tests.ts';
import { useWatch } from './use-watch.ts';
import { Callout } from '../kit/layout/callout.tsx';
import { Hint } from '../kit/layout/hint.tsx';

interface Editing {
  draft: OwnCase;
  /** The case of the user's that is changed; none for a new one. */
  replaces?: OwnCase;
}

const NEW_CASE: OwnCase = {
  name: 'My case',
  description: '',
  endpoint: endpointOf(routes[0]!),
  input: routes[0]!.endpoint.examples[0]?.input ?? {},
};

const EVERY_CASE: Choice = { filter: 'all', text: '', order: 'contract' };

export function TestsPanel() {
  const [both, setBoth] = useState(false);
  const [watch, setWatch] = useState(false);
  const [service, setService] = useState<ServiceName | null>(null);
  const [choice, setChoice] = useState<Choice>(EVERY_CASE);
  const [editing, setEditing] = useState<Editing | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const root = useRef<HTMLDivElement>(null);

  const tests = useTests(both);
  const { bench, cases, state, stateOf, slowMs, changed, run } = tests;
  const { worker, failure } = useHealth();
  const watched = useWatch(watch, tests);
  const busy = state.progress !== null;

  const inService = useMemo(() => (service ? cases.filter((test) => test.service === service) : cases), [cases, service]);
  const counts = useMemo(() => countsOf(inService, stateOf, slowMs), [inService, stateOf, slowMs]);
  const overall = useMemo(() => countsOf(cases, stateOf, slowMs), [cases, stateOf, slowMs]);
  const shown = useMemo(() => choose(inService, choice, stateOf, slowMs), [inService, choice, stateOf, slowMs]);
  const groups = useMemo(() => groupsOf(shown, choice.order), [shown, choice.order]);
  const ordered = useMemo(() => groups.flatMap((group) => group.cases), [groups]);
  const failed = useMemo(() => cases.filter((test) => stateOf(test).verdict === 'failed'), [cases, stateOf]);
  const slowestMs = useMemo(() => Math.max(0, ...cases.map((test) => stateOf(test).durationMs ?? 0)), [cases, stateOf]);

  const stale = useMemo(() => new Set(changed.map((test) => test.key)), [changed]);

  const [path] = useHashPath();
  const key = keyInPath(path);
  const asked = key ?? pathPart(path, 2);
  const selected = cases.find((test) => test.key === key);
  const select = useCallback((test: TestCase | null) => navigate(test ? hrefOf(test) : '/tests', { replace: true }), []);

  const ownOf = (test: TestCase) => state.own.find((own) => toTestCase(own)?.key === test.key);
  const edit = (test: TestCase) => {
    const replaces = test.own ? ownOf(test) : undefined;
    setEditing({ draft: draftOf(test), ...(replaces && { replaces }) });
  };
  const keep = (own: OwnCase) => {
    bench.keep(own, editing?.replaces);
    setEditing(null);
    const kept = toTestCase(own);
    if (kept) select(kept);
  };

  const runSome = (which: 'all' | 'failed' | 'changed') => void run(which === 'all' ? cases : which === 'failed' ? failed : changed);
  const save = (format: 'junit' | 'json') => {
    const reported = cases.map((test) => ({ test, run: state.runs.get(test.key) ?? null }));
    if (format === 'junit') download(junitXml(reported), 'glassbox-tests.xml', 'application/xml');
    else download(jsonReport(reported, { active: tests.active ?? null }), 'glassbox-tests.json', 'application/json');
  };

  const walk = (by: number) => {
    const at = ordered.findIndex((test) => test.key === key);
    const next = ordered[at < 0 ? 0 : Math.min(ordered.length - 1, Math.max(0, at + by))];
    if (!next) return;
    select(next);
    // After the row is the selected one.
    requestAnimationFrame(() => root.current?.querySelector<HTMLElement>('[role=option][aria-selected=true]')?.focus());
  };

  const onKey = (event: KeyboardEvent) => {
    const onControl = (event.target as HTMLElement).closest('button, a') !== null;
    const acts: Record<string, () => void> = {
      j: () => walk(1),
      ArrowDown: () => walk(1),
      k: () => walk(-1),
      ArrowUp: () => walk(-1),
      f: () => setChoice((now) => ({ ...now, filter: now.filter === 'failed' ? 'all' : 'failed' })),
      a: () => runSome('all'),
      s: () => bench.stop(),
      '/': () => search.current?.focus(),
      ...(!onControl && selected && { Enter: () => void run([selected]) }),
    };
    const act = acts[event.key];
    if (!act || editing) return;
    event.preventDefault();
    act();
  };
  useKeys(onKey);

  return (
    <div ref={root} className={classes.panel} data-detail={selected ? true : undefined}>
      <Toolbar
        total={cases.length}
        failed={failed.length}
        changed={changed.length}
        ready={tests.ready}
        progress={state.progress}
        both={both}
        watch={watch}
        onBoth={setBoth}
        onWatch={setWatch}
        onRun={runSome}
        onStop={() => bench.stop()}
        onAdd={() => setEditing({ draft: selected && !selected.own ? draftOf(selected) : NEW_CASE })}
        onExport={save}
        onForget={() => bench.forgetHistory()}
      />
      <ProgressLine
        progress={state.progress}
        summary={state.summary}
        standing={standingOf(overall)}
        watching={watch}
        watched={watched}
        differing={overall.differs}
        onDiffering={() => {
          setService(null);
          setChoice({ ...EVERY_CASE, filter: 'differs' });
        }}
      />
      {worker === 'failed' && <Callout tone="bad">{failure ?? 'The worker has stopped.'} Restart it above; then the tests run.</Callout>}
      <div className={classes.glance}>
        <Overview
          cases={cases}
          stateOf={stateOf}
          busy={busy || !tests.ready}
          chosen={service}
          selected={key}
          onChoose={setService}
          onRun={(chosen) => void run(chosen)}
          onSelect={select}
        />
      </div>
      <div className={classes.body}>
        <div className={classes.master}>
          <FilterBar choice={choice} counts={counts} search={search} onChoice={(change) => setChoice((now) => ({ ...now, ...change }))} />
          {tests.problems.map(({ service: of, error }) => (
            <ProblemAlert key={of} error={error} onRetry={tests.retry} />
          ))}
          {tests.leftOut.length > 0 && (
            <Hint role="status" aria-label="Left out">
              Left out: {tests.leftOut.map(({ name, reason }) => `${name}. ${reason}`).join(' ')}
            </Hint>
          )}
          <div className={classes.scroll}>
            {ordered.length > 0 ? (
              <CaseList
                groups={groups}
                history={state.history}
                stateOf={stateOf}
                stale={stale}
                selected={key}
                slowestMs={slowestMs}
                slowMs={slowMs}
                onSelect={select}
              />
            ) : (
              <EmptyList loading={tests.loading} choice={choice} onReset={() => setChoice(EVERY_CASE)} />
            )}
          </div>
        </div>
        <div className={classes.detail}>
          {selected ? (
            <CaseDetail
              key={selected.key}
              test={selected}
              state={stateOf(selected)}
              run={state.runs.get(selected.key)}
              stale={stale.has(selected.key)}
              past={state.history.get(selected.key) ?? []}
              busy={busy || !tests.ready}
              onRun={() => void run([selected])}
              onBack={() => select(null)}
              onEdit={() => edit(selected)}
              onRemove={() => {
                const own = ownOf(selected);
                if (own) bench.remove(own);
                select(null);
              }}
            />
          ) : (
            <Welcome missing={asked && !tests.loading ? asked : null} cases={cases} stateOf={stateOf} onSelect={select} />
          )}
        </div>
      </div>
      {editing && (
        <CaseEditor
          draft={editing.draft}
          taken={state.own.filter((own) => own !== editing.replaces).map(({ endpoint, name }) => `${endpoint.split('/')[1]}/${name}`)}
          onKeep={keep}
          onClose={() => setEditing(null)}
        />
      )}
    </div>
  );
}
