/** Why a request did what it did in a step: the rule, the bound that decided with its numbers, and who was passed over. */
import { formatMs } from '../kit/format.ts';
import type { Selection } from './timeline-canvas.tsx';
import classes from './timeline.module.css';
import type { Decision, Timeline } from './timeline.ts';
import { Hint } from '../kit/layout/hint.tsx';
import { Badge, type Tone } from '../kit/layout/badge.tsx';

type Constraint = NonNullable<Decision['constraint']>;

const UNITS: Partial<Record<Constraint['name'], string>> = {
  token_budget: 'tokens',
  chunk_size: 'tokens',
  max_num_seqs: 'sequences',
  free_blocks: 'blocks',
  watermark: 'blocks',
  tier_blocks: 'blocks',
  max_length: 'tokens',
  context: 'tokens',
  queue_limit: 'requests',
};

/** Of many passed over, so many are named. */
const NAMED = 6;

interface Props {
  timeline: Timeline;
  selection: Selection | null;
  held: boolean;
  zeroMs?: number;
}

export function DecisionCard({ timeline, selection, held, zeroMs = 0 }: Props) {
  const step = selection && timeline.steps[selection.at];
  if (!selection || !step) {
    return (
      <div className={classes.card}>
        <Hint>
          Point at a step, or press Tab and then the arrow keys, to read the decision and its reason. A click keeps it in view, Ctrl and the
          wheel zoom.
        </Hint>
      </div>
    );
  }
  const decisions = timeline.lanes.find(({ requestId }) => requestId === selection.requestId)?.decisions.get(selection.at) ?? [];
  const { features } = step;
  return (
    <div className={classes.card} aria-live="polite">
      <p className={classes.head}>
        <b>
          <code>{selection.requestId}</code>
        </b>
        <span className="gb-num">
          step {step.step} · at {formatMs(step.start_ms - zeroMs)} · took {formatMs(step.end_ms - step.start_ms)} · batch{' '}
          {features.batch_size}: {features.prefill_tokens} prefill + {features.decode_tokens} decode tokens ·{' '}
          {step.free_blocks + step.cached_blocks} blocks available
        </span>
        {held && <span>held · Esc lets go</span>}
      </p>
      {step.error !== null && <Hint>The run of this step failed: {step.error}</Hint>}
      {decisions.length === 0 && <Hint>Nothing was decided about it in this step.</Hint>}
      {decisions.map((decision, i) => (
        <DecisionRow key={i} decision={decision} samples={decisions.length > 1} />
      ))}
    </div>
  );
}

const TONES: Readonly<Record<string, Tone>> = {
  admit: 'restful',
  chunk: 'restful',
  decode: 'accent',
  swap_in: 'accent',
  swap_out: 'direct',
  preempt: 'direct',
  refuse: 'bad',
};

export function DecisionRow({ decision, samples = false, named = false }: { decision: Decision; samples?: boolean; named?: boolean }) {
  const { action, tokens, rule, constraint, passed_over: passedOver, index, request_id: requestId } = decision;
  return (
    <div className={classes.decision}>
      <Badge tone={TONES[action] ?? 'quiet'}>{action}</Badge>
      <div className={classes.why}>
        <p>
          {named && (
            <>
              <code>{requestId}</code>{' '}
            </>
          )}
          {rule}
        </p>
        <small>
          {[samples && `sample ${index}`, tokens > 0 && `${tokens} ${tokens === 1 ? 'token' : 'tokens'} computed`]
            .filter(Boolean)
            .join(' · ')}
          {passedOver.length > 0 && (
            <>
              {(samples || tokens > 0) && ' · '}passed over: <code>{passedOver.slice(0, NAMED).join(', ')}</code>
              {passedOver.length > NAMED && ` and ${passedOver.length - NAMED} more`}
            </>
          )}
        </small>
      </div>
      {constraint ? <Bound constraint={constraint} /> : <Hint>Nothing stood in the way.</Hint>}
    </div>
  );
}

function Bound({ constraint: { name, needed, available, limit } }: { constraint: Constraint }) {
  const unit = UNITS[name] ?? '';
  const most = Math.max(limit, needed, available, 1);
  const share = (value: number) => `${Math.min(100, (100 * value) / most)}%`;
  return (
    <div className={classes.bound}>
      <span>
        bound by <code>{name}</code>: needs <b className="gb-num">{needed}</b>, has <b className="gb-num">{available}</b> of{' '}
        <span className="gb-num">{limit}</span> {unit}
      </span>
      <i aria-hidden="true">
        <span style={{ width: share(available) }} />
        <b style={{ left: `min(${share(needed)}, calc(100% - 2px))` }} />
      </i>
    </div>
  );
}
