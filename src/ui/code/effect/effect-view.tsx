/** A measured effect: the place where it begins, how far it goes, and what becomes of candidates, speed and text. */
import { Fragment } from 'react';
import { Change, signedPercent } from '../../kit/change.tsx';
import { Fact, Facts } from '../../kit/figures/facts.tsx';
import { type FigureItem, Figures } from '../../kit/figures/figures.tsx';
import { useTokenLabel } from '../../kit/model/use-token-label.ts';
import classes from './effect.module.css';
import type { Effect } from './compare.ts';
import { Candidates } from './candidates.tsx';
import { TextDifference } from './text-difference.tsx';
import { Callout } from '../../kit/layout/callout.tsx';

export function EffectView({ effect }: { effect: Effect }) {
  const { before, after, logits, question, others } = effect;
  return (
    <div className={classes.effect}>
      <Verdict effect={effect} />
      <Others revisions={others} />
      <Figures look="small" items={[...(logits ? differences(logits) : []), speed(before.tokensPerSecond, after.tokensPerSecond)]} />
      <p className="gb-muted">The best of three runs each, on a runner of their own: the active version went on meanwhile.</p>
      {question.scope === 'tokens' && <Tokens effect={effect} />}
      {before.top.length > 0 && (
        <>
          <h3>Next token, five best</h3>
          <Candidates before={before.top} after={after.top} />
        </>
      )}
      <h3>
        Text, {chosenHow(effect)}
        {effect.textParts !== null && <small>; they part at token {effect.textParts + 1}</small>}
      </h3>
      <TextDifference before={before.written} after={after.written} parts={effect.textParts} />
    </div>
  );
}

/** How the tokens of the text were chosen; a patched sampler may heed no temperature. */
export function chosenHow({ others, question: { temperature } }: Pick<Effect, 'others' | 'question'>): string {
  if (others['sampler'] !== undefined) return `chosen by the patched sampler ${others['sampler'].slice(0, 8)}`;
  return temperature === 0 ? 'greedy' : `temperature ${temperature}, seed 7`;
}

/** «Built-in» is the built-in version of this resource: what else is patched stays so on both sides. */
function Others({ revisions }: { revisions: Effect['others'] }) {
  const others = Object.entries(revisions);
  if (others.length === 0) return null;
  return (
    <p>
      Under both, other patched code was active too:{' '}
      {others.map(([id, revision], index) => (
        <Fragment key={id}>
          {index > 0 && ', '}
          <a href={`#/code/${id}`}>{id}</a> <code>{revision.slice(0, 8)}</code>
        </Fragment>
      ))}
      .
    </p>
  );
}

function Verdict({ effect: { logits, divergence, textParts, before, after, question } }: { effect: Effect }) {
  if (divergence) {
    const { layer, hookPoint, operator, maxDifference, comparisons } = divergence;
    return (
      <Callout tone="warn">
        First diverges {layer === null ? 'before' : 'in'} <strong>{layer === null ? 'layer 0' : `layer ${layer}`}</strong>, at{' '}
        <strong>{operator}</strong>: <code>{hookPoint}</code> is off by up to {formatDifference(maxDifference)}.{' '}
        <span className="gb-muted">Found with {comparisons} comparisons.</span>
      </Callout>
    );
  }
  if (logits)
    return (
      <Callout tone={logits.max > 1e-4 ? 'warn' : 'ok'}>
        {logits.max === 0 ? 'The logits are the same to the bit.' : 'No hook point diverges beyond rounding.'}
      </Callout>
    );
  const sameTokens = question.scope !== 'tokens' || String(before.inputIds) === String(after.inputIds);
  return (
    <Callout tone={textParts !== null || !sameTokens ? 'warn' : 'ok'}>
      {!sameTokens && 'The prompt is tokenized differently. '}
      {textParts === null ? 'The text is the same.' : 'The text is another one.'}
    </Callout>
  );
}

const differences = ({ max, mean, agreement }: NonNullable<Effect['logits']>): FigureItem[] => [
  { name: 'Largest logit difference', value: formatDifference(max) },
  { name: 'Mean logit difference', value: formatDifference(mean) },
  {
    name: 'Same best token',
    value: (
      <>
        {Math.round(100 * agreement)} % <small>of the positions</small>
      </>
    ),
  },
];

/** The best of a few runs varies by as much. */
const NOISE = 0.03;

function speed(before: number | null, after: number | null): FigureItem {
  const per = (value: number | null) => (value === null ? '—' : value >= 100 ? value.toFixed(0) : value.toFixed(1));
  const change = before && after ? after / before - 1 : null;
  const verdict = change === null || Math.abs(change) < NOISE ? 'same' : change > 0 ? 'better' : 'worse';
  return {
    name: 'Tokens per second',
    value: (
      <>
        {per(before)} → {per(after)} {change !== null && <Change text={signedPercent(change, 0)} verdict={verdict} />}
      </>
    ),
  };
}

function Tokens({ effect: { before, after } }: { effect: Effect }) {
  return (
    <>
      <h3>Prompt as tokens</h3>
      <Facts>
        <Fact name="Built-in">
          <TokenChips pieces={before.promptTokens} />
        </Fact>
        <Fact name="Patched">
          <TokenChips pieces={after.promptTokens} />
        </Fact>
      </Facts>
    </>
  );
}

function TokenChips({ pieces }: { pieces: readonly string[] }) {
  const label = useTokenLabel();
  return pieces.map((piece, index) => (
    <Fragment key={index}>
      <code className={classes.token}>{label({ piece })}</code>{' '}
    </Fragment>
  ));
}

export function formatDifference(value: number): string {
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return '∞';
  return value < 0.001 || value >= 1e5 ? value.toExponential(1) : value.toPrecision(3);
}
