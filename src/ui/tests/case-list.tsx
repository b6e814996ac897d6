/** The cases that fit the filter, under their endpoints: one line each, with how long it took and how that went before. */
import { memo, useEffect, useRef } from 'react';
import type { Method as HttpMethod } from '../../contract/index.ts';
import { formatMs } from '../kit/format.ts';
import { Method } from '../kit/method.tsx';
import type { CaseState } from './bench.ts';
import type { TestCase } from './cases.ts';
import classes from './case-list.module.css';
import { FILTER_LABELS, type Group } from './filter.ts';
import type { History, PastRun } from './history.ts';
import { Sparkline } from './sparkline.tsx';
import { type Look, lookOf, Mark } from './verdict.tsx';
import { Badge } from '../kit/layout/badge.tsx';

interface Props {
  groups: readonly Group[];
  history: History;
  stateOf: (test: TestCase) => CaseState;
  /** Keys of those whose result is from other code, weights or text than stand now. */
  stale: ReadonlySet<string>;
  selected: string | null;
  slowestMs: number;
  slowMs: number;
  onSelect: (test: TestCase) => void;
}

const NO_RUNS: readonly PastRun[] = [];

export function CaseList({ groups, history, stateOf, stale, selected, slowestMs, slowMs, onSelect }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const first = groups[0]?.cases[0]?.key;
  const shown = groups.some(({ cases }) => cases.some(({ key }) => key === selected));

  useEffect(() => {
    if (selected !== null) list.current?.querySelector(`[data-key="${CSS.escape(selected)}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [selected]);

  return (
    <div ref={list} className={classes.list} role="listbox" aria-label="Cases" tabIndex={-1}>
      {groups.map(({ id, label, cases }) => (
        <div key={id} role="group" aria-label={label}>
          <div className={classes.endpoint} aria-hidden="true">
            <Endpoint label={label} />
          </div>
          {cases.map((test) => {
            const state = stateOf(test);
            const ms = state.durationMs;
            return (
              <Row
                key={test.key}
                test={test}
                look={lookOf(state)}
                ms={ms}
                share={ms === null ? 0 : shareOf(ms, slowestMs)}
                slow={ms !== null && ms >= slowMs}
                flaky={state.flaky}
                differs={state.differs}
                stale={state.verdict !== null && stale.has(test.key)}
                runs={history.get(test.key) ?? NO_RUNS}
                selected={test.key === selected}
                reachable={shown ? test.key === selected : test.key === first}
                onSelect={onSelect}
              />
            );
          })}
        </div>
      ))}
    </div>
  );
}

/** On a scale of powers, from 0.01 ms: a case of 0.1 ms and one of a second share a list. */
function shareOf(ms: number, slowestMs: number): number {
  const log = (value: number) => Math.log10(Math.max(value, 0.01) / 0.01);
  return slowestMs > 0.01 ? Math.max(0.02, log(ms) / log(slowestMs)) : 0;
}

function Endpoint({ label }: { label: string }) {
  const [method, path] = label.split(' ');
  if (!path?.startsWith('/')) return label;
  return (
    <>
      <Method method={method as HttpMethod} short /> {path}
    </>
  );
}

interface RowProps {
  test: TestCase;
  look: Look;
  ms: number | null;
  share: number;
  slow: boolean;
  flaky: boolean;
  stale: boolean;
  differs: boolean;
  runs: readonly PastRun[];
  selected: boolean;
  reachable: boolean;
  onSelect: (test: TestCase) => void;
}

const Row = memo(function Row({ test, look, ms, share, slow, flaky, stale, differs, runs, selected, reachable, onSelect }: RowProps) {
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the panel's keys walk, select and run
    <div
      className={classes.row}
      role="option"
      aria-selected={selected}
      tabIndex={reachable ? 0 : -1}
      data-key={test.key}
      data-look={look}
      onClick={() => onSelect(test)}
      onFocus={({ target }) => target.matches(':focus-visible') && !selected && onSelect(test)}
    >
      <Mark look={look} />
      <span className={classes.name} title={test.description}>
        {test.name}
      </span>
      {differs && (
        <Badge tone="warn" title="RESTful and direct gave different answers">
          {FILTER_LABELS.differs}
        </Badge>
      )}
      {stale && <Badge title="The result is from other code, weights or text than stand now">old</Badge>}
      {test.own && <Badge>yours</Badge>}
      {flaky && (
        <Badge tone="warn" title="Passed and failed although nothing was changed">
          flaky
        </Badge>
      )}
      <span className={classes.spark}>
        <Sparkline runs={runs} />
      </span>
      <span className={classes.duration} data-slow={slow || undefined}>
        {ms === null ? '' : formatMs(ms)}
        <i style={{ width: `${(100 * share).toFixed(1)}%` }} />
      </span>
    </div>
  );
});
