/** What the panel says beside its cases: how a run goes, why a list is empty, and the slowest cases while none is chosen. */
import { Button } from '@mantine/core';
import { formatMs } from '../kit/format.ts';
import type { CaseState, Progress } from './bench.ts';
import type { TestCase } from './cases.ts';
import { type Choice, type Filter, FILTER_LABELS } from './filter.ts';
import classes from './tests.module.css';
import { Callout } from '../kit/layout/callout.tsx';
import { ShareBar } from '../kit/share-bar/share-bar.tsx';

/** Where all the cases stand, from this visit and before. */
export function standingOf({ all, passed, failed, not_run }: Readonly<Record<Filter, number>>): string {
  if (not_run === all) return all > 0 ? `${all} cases, none of them run` : '';
  return [`${passed} of ${all} passed`, failed > 0 && `${failed} failed`, not_run > 0 && `${not_run} not run`].filter(Boolean).join(', ');
}

interface ProgressProps {
  progress: Progress | null;
  /** How the last run ended. */
  summary: string;
  standing: string;
  watching: boolean;
  watched: string | null;
  /** Cases in which the transports differ. */
  differing: number;
  onDiffering: () => void;
}

export function ProgressLine({ progress, summary, standing, watching, watched, differing, onDiffering }: ProgressProps) {
  const share = progress ? progress.done / progress.places.size : 0;
  const text = progress
    ? `${progress.done} of ${progress.places.size}${progress.current ? ` · ${progress.current.replace('/', ' › ')}` : ''}`
    : [
        summary && `Last run: ${summary}`,
        standing,
        watching && (watched ?? 'Watching: a change of weights, code or transport runs what it touches.'),
      ]
        .filter(Boolean)
        .join(' · ');
  return (
    <div className={classes.progress}>
      <span>
        {text}
        {!progress && differing > 0 && (
          <>
            {' · '}
            <Button variant="default" size="compact-xs" onClick={onDiffering}>
              Show where they differ
            </Button>
          </>
        )}
      </span>
      {/* Only the outcome is spoken; case after case would be noise. */}
      <output className="gb-sr-only">{progress ? '' : summary}</output>
      {progress && <i style={{ transform: `scaleX(${share})` }} />}
    </div>
  );
}

export function EmptyList({ loading, choice, onReset }: { loading: boolean; choice: Choice; onReset: () => void }) {
  if (loading) return <p className={classes.empty}>The services are telling their cases…</p>;
  const what = choice.text
    ? `No case fits “${choice.text}”`
    : choice.filter === 'failed'
      ? 'No case failed'
      : choice.filter === 'differs'
        ? 'In no case do the transports differ'
        : `No case is ${FILTER_LABELS[choice.filter].toLowerCase()}`;
  return (
    <div className={classes.empty}>
      <p>{what}.</p>
      {(choice.text !== '' || choice.filter !== 'all') && (
        <Button variant="default" size="compact-sm" onClick={onReset}>
          Show all cases
        </Button>
      )}
    </div>
  );
}

interface WelcomeProps {
  /** A key that the address names and no case has. */
  missing: string | null;
  cases: readonly TestCase[];
  stateOf: (test: TestCase) => CaseState;
  onSelect: (test: TestCase) => void;
}

const SHOWN_SLOWEST = 12;

const KEYS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['j', 'k'], 'next, previous case'],
  [['Enter'], 'run it'],
  [['a'], 'run all'],
  [['s'], 'stop'],
  [['f'], 'only failed'],
  [['/'], 'search'],
];

export function Welcome({ missing, cases, stateOf, onSelect }: WelcomeProps) {
  const timed = cases
    .flatMap((test) => {
      const { durationMs } = stateOf(test);
      return durationMs === null ? [] : [{ test, durationMs }];
    })
    .sort((a, b) => b.durationMs - a.durationMs)
    .slice(0, SHOWN_SLOWEST);
  const slowest = timed[0]?.durationMs ?? 1;
  return (
    <div className={classes.welcome}>
      {missing !== null && <Callout tone="warn">There is no case “{missing}”. It may have been renamed.</Callout>}
      <h2>{timed.length > 0 ? 'Where the time goes' : 'Every example is a test'}</h2>
      {timed.length > 0 ? (
        <ol className={classes.slowest}>
          {timed.map(({ test, durationMs }) => (
            <li key={test.key}>
              <button type="button" onClick={() => onSelect(test)}>
                <span>
                  {test.name} <small>{test.service}</small>
                </span>
                <ShareBar share={durationMs / slowest} />
                <span className="gb-num">{formatMs(durationMs)}</span>
              </button>
            </li>
          ))}
        </ol>
      ) : (
        <p>
          The {cases.length > 0 ? cases.length : ''} examples in the API’s documentation say what must come back. Run them all, choose one
          in the list, or turn on Watch and patch something.
        </p>
      )}
      <dl className={classes.keys}>
        {KEYS.map(([keys, does]) => (
          <div key={does}>
            <dt>
              {keys.map((each) => (
                <kbd key={each}>{each}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
