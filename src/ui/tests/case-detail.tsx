/** One case in full: what it asks, what came, how that differs, each rule, and how it went before. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { formatMs } from '../kit/format.ts';
import { Icon } from '../kit/icons.tsx';
import { JsonView } from '../kit/json/json-view.tsx';
import { Method, ModeTag } from '../kit/method.tsx';
import { Prose } from '../kit/prose.tsx';
import { ProblemAlert } from '../kit/problem/problem-alert.tsx';
import type { CaseState } from './bench.ts';
import { CaseActions } from './case-actions.tsx';
import type { TestCase } from './cases.ts';
import classes from './detail.module.css';
import { DiffView } from './diff-view.tsx';
import type { CaseRun } from './execute.ts';
import { medianMs, type PastRun } from './history.ts';
import { complaints } from './report.ts';
import { RulesView } from './rules-view.tsx';
import { RunBars } from './sparkline.tsx';
import { TransportsView } from './transports-view.tsx';
import { StateBadge, lookOf } from './verdict.tsx';
import { Callout } from '../kit/layout/callout.tsx';
import { highest } from '../../contract/index.ts';
import { ScopeBadge } from '../kit/scope-badge.tsx';
import { Badge } from '../kit/layout/badge.tsx';

interface Props {
  test: TestCase;
  state: CaseState;
  run: CaseRun | undefined;
  past: readonly PastRun[];
  /** The last result is from other code, weights or text than stand now. */
  stale: boolean;
  busy: boolean;
  onRun: () => void;
  onBack: () => void;
  onEdit: () => void;
  onRemove: () => void;
}

export function CaseDetail({ test, state, run, past, stale, busy, onRun, onBack, onEdit, onRemove }: Props) {
  const result = run?.result;
  const compared = result !== null && result !== undefined && result.expected !== undefined;
  const actual = result && (
    <Section title="Actual" aside={sizeOf(result.actual)}>
      <JsonView key={run.at} value={result.actual} label="Actual" />
    </Section>
  );
  const wrong = run?.verdict === 'failed' ? complaints(run) : [];
  return (
    <article className={classes.root} aria-label={test.name}>
      <header className={classes.head}>
        <button type="button" className={classes.back} onClick={onBack}>
          <Icon name="chevron" size={14} style={{ transform: 'rotate(180deg)' }} /> All cases
        </button>
        <div className={classes.title}>
          <h2>{test.name}</h2>
          <StateBadge look={lookOf(state)} />
          {state.flaky && <Badge tone="warn">flaky</Badge>}
        </div>
        <p className={classes.endpoint}>
          <Link href={`/api/${test.service}/${test.operation}`}>
            <Method method={test.method} short /> {test.endpoint.split(' ')[1]}
          </Link>
          {run && <ModeTag mode={run.mode} />}
          {test.scopes && <ScopeBadge scope={highest(test.scopes)} />}
        </p>
        {test.description && (
          <p className="gb-prose">
            <Prose text={test.description} />
          </p>
        )}
        <CaseActions test={test} busy={busy} onRun={onRun} onEdit={onEdit} onRemove={onRemove} />
      </header>

      {run?.problem && <ProblemAlert error={run.problem} onRetry={busy ? undefined : onRun} />}
      {stale && past.length > 0 && <Callout>Code, weights or the case itself have changed since this result.</Callout>}
      {state.flaky && (
        <Callout tone="warn">Among the last {past.length} runs it passed and failed although code, weights and case were the same.</Callout>
      )}
      {!run && (
        <Callout>
          {state.remembered ? `It ${state.verdict} in an earlier visit; its answer was not kept. Run it to see one.` : 'Not run yet.'}{' '}
          <Button variant="default" size="compact-xs" disabled={busy} onClick={onRun}>
            Run this case
          </Button>
        </Callout>
      )}
      {wrong.length > 0 && !run?.problem && (
        <Callout tone="bad" role="region" aria-label="What is wrong">
          <ul className="gb-bullets gb-mono gb-small">
            {wrong.slice(0, 5).map((line) => (
              <li key={line}>{line}</li>
            ))}
            {wrong.length > 5 && <li>{wrong.length - 5} more below</li>}
          </ul>
        </Callout>
      )}

      <div className={classes.columns}>
        <Section title="Input">
          <JsonView value={test.input} label="Input" />
        </Section>
        {!result && (
          <Section title="Expected">
            <Expected test={test} />
          </Section>
        )}
        {result && compared && (
          <Section title="Expected against actual" aside={test.tolerance > 0 ? `numbers within ${test.tolerance}` : undefined}>
            <DiffView expected={result.expected} actual={result.actual} tolerance={test.tolerance} />
          </Section>
        )}
        {result && !compared && actual}
      </div>

      {result && result.rules.length > 0 && (
        <Section title="Validation rules" aside="CEL, over input and output">
          <RulesView rules={result.rules} />
        </Section>
      )}
      {run?.transports && (
        <Section title="Both transports" aside="times and ids left out">
          <TransportsView comparison={run.transports} />
        </Section>
      )}
      {compared && actual}
      {past.length > 0 && (
        <Section title="Last runs" aside={times(run, past)}>
          <RunBars runs={past} />
        </Section>
      )}
    </article>
  );
}

function Expected({ test }: { test: TestCase }) {
  if (test.expected_error !== undefined)
    return (
      <p className="gb-muted">
        The problem <code>{test.expected_error}</code>
      </p>
    );
  const rules = Object.keys(test.validation_rules ?? {}).length;
  return (
    <>
      {'expected_output' in test ? (
        <JsonView value={test.expected_output} label="Expected output" />
      ) : (
        <p className="gb-muted">Any result{rules > 0 ? ' that fits the rules' : ''}</p>
      )}
      {rules > 0 && (
        <ul className={classes.expressions}>
          {Object.entries(test.validation_rules ?? {}).map(([name, expression]) => (
            <li key={name}>
              {name} <code>{expression}</code>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Section({ title, aside, children }: { title: string; aside?: string | undefined; children: ReactNode }) {
  return (
    <section className={classes.section} aria-label={title}>
      <h3>
        {title} {aside && <small>{aside}</small>}
      </h3>
      {children}
    </section>
  );
}

function sizeOf(value: unknown): string {
  const characters = JSON.stringify(value)?.length ?? 0;
  return characters > 2000 ? `${Math.round(characters / 1000).toLocaleString('en')} k characters of JSON` : '';
}

function times(run: CaseRun | undefined, past: readonly PastRun[]): string {
  const last = past.at(-1);
  return [
    last && `last ${formatMs(last.durationMs)}`,
    past.length > 1 && `median ${formatMs(medianMs(past))}`,
    run && `${formatMs(run.roundTripMs)} as the page saw it`,
  ]
    .filter(Boolean)
    .join(' · ');
}
