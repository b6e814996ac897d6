/** What a plan gave: whether it is right, what it really used, how fast it was, and the text. */
import { Button } from '@mantine/core';
import { formatMs } from '../../kit/format.ts';
import { Fact, Facts } from '../../kit/figures/facts.tsx';
import { type FigureItem, Figures } from '../../kit/figures/figures.tsx';
import { AgreementLine } from '../agreement.tsx';
import classes from '../computation.module.css';
import type { Done, Execution } from '../executions.ts';
import { Outdated } from '../outdated.tsx';
import type { PlanDraft } from './plan-draft.ts';
import { Sequences } from './sequences.tsx';
import { exampleOutput, type ExampleVerdict, verdictOn } from '../../../contract/plan-example.ts';
import { differencesOf } from '../../../contract/token-comparison.ts';
import { useExamplePrompts } from './use-example-prompts.ts';
import { Hint } from '../../kit/layout/hint.tsx';
import { Callout } from '../../kit/layout/callout.tsx';
import { Verdict } from '../verdict.tsx';

interface Props {
  done: Done;
  draft: PlanDraft;
  /** Something newer runs or failed. */
  stale: boolean;
  /** The plan or how it is run has changed since. */
  isOther: boolean;
  onChange: (draft: PlanDraft) => void;
}

export function PlanResult({ done: { input, result }, draft, stale, isOther, onChange }: Props) {
  const { used, metrics, agreement, token_ids, build_ms, run_ms } = result;
  // Prompts that were given: in place, or by the plan that is kept, whose draft is then unchanged.
  const example = input.example_input ?? (input.plan_id === undefined ? undefined : draft.example_input);
  const prompts = useExamplePrompts(example);
  return (
    <section className={classes.result} aria-label="Result" data-stale={stale || undefined}>
      {isOther && <Outdated />}
      <AgreementLine agreement={agreement} reference="the built-in code" otherwise="Not compared with the built-in code." />
      {token_ids && <Outputs given={example !== undefined} tokenIds={token_ids} result={result} draft={draft} onChange={onChange} />}
      {used && <Used used={used} />}
      {metrics && <Figures look="tiles" items={figuresOf(metrics, build_ms, run_ms)} />}
      {token_ids && token_ids.some((ids) => ids.length > 0) && (
        <>
          <h3 className="gb-label">Text</h3>
          <Sequences prompts={prompts} outputs={token_ids} />
        </>
      )}
    </section>
  );
}

interface OutputsProps {
  given: boolean;
  tokenIds: number[][];
  result: Execution;
  draft: PlanDraft;
  onChange: (draft: PlanDraft) => void;
}

/** Whether tokens and logits are those that the plan must give, as it stands in the form. */
function Outputs({ given, tokenIds, result, draft, onChange }: OutputsProps) {
  const { data: expected } = exampleOutput.safeParse(draft.example_output);
  if (!given) return <Hint>Made-up prompts: give the plan an example input to have its output checked.</Hint>;
  return (
    <>
      {expected?.token_ids && <Tokens tokenIds={tokenIds} expected={expected.token_ids} />}
      {expected?.logits && <Logits verdict={verdictOn({ ...expected, token_ids: undefined }, result)} />}
      {!expected?.token_ids && (
        <Hint>
          {expected ? 'The example output says no tokens.' : 'The plan has no example output yet.'}{' '}
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => onChange({ ...draft, example_output: { ...expected, token_ids: tokenIds } })}
          >
            Take these tokens
          </Button>
        </Hint>
      )}
    </>
  );
}

function Tokens({ tokenIds, expected }: { tokenIds: number[][]; expected: number[][] }) {
  const differences = differencesOf(tokenIds, expected);
  const [first] = differences;
  return (
    <Verdict passed={first === undefined}>
      {first ? (
        <>
          <b>Other tokens than the example output</b> in {differences.length} of {Math.max(tokenIds.length, expected.length)} sequences.{' '}
          <small>
            Sequence {first.sequence + 1} parts at token {first.at + 1}: {first.actual ?? 'none'} instead of {first.expected ?? 'none'}.
          </small>
        </>
      ) : (
        <b>The tokens equal the example output</b>
      )}
    </Verdict>
  );
}

function Logits({ verdict: { logits, problems } }: { verdict: ExampleVerdict }) {
  if (logits) return <AgreementLine agreement={logits} reference="the logits of the example output" otherwise="" />;
  return (
    <Verdict passed={false}>
      <b>The logits can’t be held against the example output</b>
      {problems.map(({ path, message }) => (
        <small key={path + message}>
          <code>{path.slice(1)}</code> {message}
        </small>
      ))}
    </Verdict>
  );
}

type PlanUsed = NonNullable<Execution['used']>;

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What the run used, with the reason wherever it is not what was asked for. */
function Used({ used }: { used: PlanUsed }) {
  const { fallbacks, model_id, weights_hash, code_revisions, ...fields } = used;
  return (
    <>
      {fallbacks.length > 0 && (
        <Callout tone="warn">
          <ul className="gb-stack gb-tight" aria-label="Fallbacks">
            {fallbacks.map(({ field, asked, used: instead, reason }) => (
              <li key={field}>
                <code>{field}</code> <s>{shown(asked)}</s> → <b>{shown(instead)}</b>
                <p className="gb-small gb-muted">{reason}</p>
              </li>
            ))}
          </ul>
        </Callout>
      )}
      <details className={classes.used}>
        <summary>
          Used {used.kernel} on {used.execution_provider} in {used.compute_dtype}
          {fallbacks.length === 0 && ', as the plan says'}
        </summary>
        <Facts>
          {[...Object.entries({ model: model_id, weights: weights_hash.slice(0, 12), ...fields }), ...Object.entries(code_revisions)].map(
            ([name, value]) => (
              <Fact key={name} name={<code>{name}</code>}>
                <code>{shown(value)}</code>
              </Fact>
            ),
          )}
        </Facts>
      </details>
    </>
  );
}

function figuresOf(metrics: NonNullable<Execution['metrics']>, buildMs: number, runMs: number): FigureItem[] {
  const ms = (value: number | undefined) => (value === undefined ? '–' : formatMs(value));
  const rate = (value: number) => (value >= 100 ? value.toFixed(0) : value.toFixed(1));
  return [
    { name: 'run', value: formatMs(runMs), title: 'From the first prompt to the last token.' },
    { name: 'build', value: formatMs(buildMs), title: 'Graph and session, where another one was needed.' },
    { name: 'TTFT', value: ms(metrics.ttft?.p50_ms), title: 'Time to the first token, median of the sequences.' },
    { name: 'TPOT', value: ms(metrics.tpot?.p50_ms), title: 'Time per token after the first, median of the sequences.' },
    { name: 'prompt tokens/s', value: rate(metrics.prompt_tokens_per_second), title: 'Over the whole run.' },
    { name: 'output tokens/s', value: rate(metrics.output_tokens_per_second), title: 'Over the whole run.' },
    { name: 'steps', value: metrics.steps, title: 'Of the engine.' },
    { name: 'sequences a step', value: metrics.batch_size.mean.toFixed(1), title: `At most ${metrics.batch_size.max}.` },
    {
      name: 'KV pool held',
      value: `${(100 * metrics.kv_utilization.max).toFixed(0)} %`,
      title: 'At most, of the blocks that the plan was given.',
    },
  ];
}
