/** Everything that repeating an experiment needs, to be read: model, code, plan, workload, seed, versions and device. */
import type { ReactNode } from 'react';
import { CopyButton } from '../../kit/copy-button.tsx';
import { formatMs } from '../../kit/format.ts';
import { revisionsText } from './compare.ts';
import { type ExperimentRecord, inputOfRecord, parametersText, valueText } from './experiment.ts';
import classes from './experiments.module.css';
import { defaultOf, PLAN_FIELDS } from './plan-fields.ts';
import { Card, CardHead } from '../../kit/layout/card.tsx';

export function RecordCard({ record }: { record: ExperimentRecord }) {
  const { plan = {}, grid = {}, workload, slo, text, repeats = 1, warmup = 1, max_run_ms } = inputOfRecord(record);
  const { device, versions } = record;
  const fixed = PLAN_FIELDS.filter(
    (field) => !(field in grid) && plan[field] !== undefined && valueText(plan[field]) !== valueText(defaultOf(field)),
  );
  return (
    <Card aria-label="Record">
      <CardHead>
        <h2>
          Record <small>all that repeating it needs</small>
        </h2>
        <CopyButton label="Copy the record as JSON" text={() => JSON.stringify(record, null, 2)} />
      </CardHead>
      <dl className={classes.record}>
        <Entry name="Model">{record.model_id}</Entry>
        <Entry name="Weights">
          <code className={classes.hash}>{record.weights_hash}</code>
        </Entry>
        <Entry name="Code">{revisionsText(record.code_revisions)}</Entry>
        <Entry name="Plan">
          {fixed.length > 0 ? parametersText(Object.fromEntries(fixed.map((field) => [field, plan[field]]))) : 'the defaults'}
        </Entry>
        <Entry name="Grid">
          {Object.keys(grid).length === 0
            ? 'none: the plan alone'
            : Object.entries(grid).map(([field, values]) => (
                <span key={field} className={classes.entryLine}>
                  <code>{field}</code> {values?.map(valueText).join(', ')}
                </span>
              ))}
        </Entry>
        <Entry name="Served">{workload ? workloadText(workload) : 'batch_size prompts of seq_len tokens at once'}</Entry>
        {slo && <Entry name="Objectives">{parametersText(slo)}</Entry>}
        {text !== undefined && text !== '' && (
          <Entry name="Text">
            {text.length.toLocaleString('en')} characters: “{text.length > 60 ? `${text.slice(0, 60)}…` : text}”
          </Entry>
        )}
        <Entry name="Measured">
          seed {record.seed} · {repeats} {repeats === 1 ? 'repeat' : 'repeats'} · {warmup} warm-up
          {max_run_ms !== undefined && ` · a run at most ${formatMs(max_run_ms)}`}
        </Entry>
        <Entry name="Versions">{parametersText(versions)}</Entry>
        <Entry name="Device">
          {device.adapter ?? 'no GPU adapter'} · {device.threads} {device.threads === 1 ? 'thread' : 'threads'} ·{' '}
          {device.cross_origin_isolated ? 'cross-origin isolated' : 'not cross-origin isolated'}
        </Entry>
        <Entry name="Browser">{device.user_agent}</Entry>
      </dl>
    </Card>
  );
}

function Entry({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function workloadText(workload: NonNullable<ReturnType<typeof inputOfRecord>['workload']>): string {
  switch (workload.kind) {
    case 'requests':
      return `${workload.requests.length} given requests`;
    case 'trace':
      return `a trace (${workload.format}), ${workload.data.trim().split('\n').length.toLocaleString('en')} lines`;
    default: {
      const { kind, num_requests, prompt_tokens, output_tokens } = workload;
      return `${kind.replace('_', ' ')}, ${num_requests} requests, prompts ${lengthsText(prompt_tokens)}, outputs ${lengthsText(output_tokens)}`;
    }
  }
}

function lengthsText(
  lengths: Extract<NonNullable<ReturnType<typeof inputOfRecord>['workload']>, { kind: 'poisson' }>['prompt_tokens'],
): string {
  if (lengths.distribution === 'fixed') return `of ${lengths.tokens} tokens`;
  if (lengths.distribution === 'uniform') return `of ${lengths.min} – ${lengths.max} tokens`;
  return `around ${lengths.median} tokens (log-normal)`;
}
