/** Everything that repeating an experiment needs, to be read: model, code, plan, workload, seed, versions and device. */
import { counted } from '../../../environment/counted.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { formatMs } from '../../kit/format.ts';
import { revisionsText } from './compare.ts';
import { type ExperimentRecord, inputOfRecord, parametersText, valueText } from './experiment.ts';
import classes from './experiments.module.css';
import { defaultOf, PLAN_FIELDS } from './plan-fields.ts';
import { Fact, Facts } from '../../kit/figures/facts.tsx';
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
      <Facts>
        <Fact name="Model">{record.model_id}</Fact>
        <Fact name="Weights">
          <code className={classes.hash}>{record.weights_hash}</code>
        </Fact>
        <Fact name="Code">{revisionsText(record.code_revisions)}</Fact>
        <Fact name="Plan">
          {fixed.length > 0 ? parametersText(Object.fromEntries(fixed.map((field) => [field, plan[field]]))) : 'the defaults'}
        </Fact>
        <Fact name="Grid">
          {Object.keys(grid).length === 0
            ? 'none: the plan alone'
            : Object.entries(grid).map(([field, values]) => (
                <span key={field} className={classes.entryLine}>
                  <code>{field}</code> {values?.map(valueText).join(', ')}
                </span>
              ))}
        </Fact>
        <Fact name="Served">{workload ? workloadText(workload) : 'batch_size sequences of seq_len tokens at once'}</Fact>
        {slo && <Fact name="Objectives">{parametersText(slo)}</Fact>}
        {text !== undefined && text !== '' && (
          <Fact name="Text">
            {text.length.toLocaleString('en')} characters: “{text.length > 60 ? `${text.slice(0, 60)}…` : text}”
          </Fact>
        )}
        <Fact name="Measured">
          seed {record.seed} · {repeats} {repeats === 1 ? 'repeat' : 'repeats'} · {warmup} warm-up
          {max_run_ms !== undefined && ` · a run at most ${formatMs(max_run_ms)}`}
        </Fact>
        <Fact name="Versions">{parametersText(versions)}</Fact>
        <Fact name="Device">
          {device.adapter ?? 'no GPU adapter'} · {device.threads} {device.threads === 1 ? 'thread' : 'threads'} ·{' '}
          {device.cross_origin_isolated ? 'cross-origin isolated' : 'not cross-origin isolated'}
        </Fact>
        <Fact name="Browser">{device.user_agent}</Fact>
      </Facts>
    </Card>
  );
}

function workloadText(workload: NonNullable<ReturnType<typeof inputOfRecord>['workload']>): string {
  switch (workload.kind) {
    case 'requests':
      return `${counted(workload.requests.length, 'given request')}`;
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
  if (lengths.distribution === 'fixed') return `of ${counted(lengths.tokens, 'token')}`;
  if (lengths.distribution === 'uniform') return `of ${lengths.min} – ${lengths.max} tokens`;
  return `around ${lengths.median} tokens (log-normal)`;
}
