/** The next token's candidates without and with an intervention, as pairs of bars. */
import { Figures } from '../../kit/figures/figures.tsx';
import { useTokenLabel } from '../../kit/model/use-token-label.ts';
import { formatProbability } from '../../kit/format.ts';
import { ShareBar } from '../../kit/share-bar/share-bar.tsx';
import { type Effect, pairs } from './candidates.ts';
import classes from './interventions.module.css';

const SHOWN = 6;

export function EffectBars({ effect }: { effect: Effect }) {
  const label = useTokenLabel();
  const rows = pairs(effect, SHOWN);
  const greatest = Math.exp(Math.max(...rows.flatMap(({ before, after }) => [before ?? -Infinity, after ?? -Infinity])));
  const [top, topAfter] = [effect.before[0], effect.after[0]];
  return (
    <div className={classes.effect}>
      <Figures
        look="small"
        items={[
          { name: 'KL divergence', value: `${effect.kl_divergence.toPrecision(3)} nats` },
          { name: 'largest change of a logit', value: effect.max_abs_logit_difference.toPrecision(3) },
          {
            name: 'most probable',
            value: `${label({ piece: top?.token })}${topAfter?.token_id === top?.token_id ? ', as before' : ` → ${label({ piece: topAfter?.token })}`}`,
          },
        ]}
      />
      <table className={classes.bars}>
        <caption>
          Next token: <span data-side="before">before</span> and <span data-side="after">after</span>
        </caption>
        <thead className="gb-sr-only">
          <tr>
            <th scope="col">token</th>
            <th scope="col">before</th>
            <th scope="col">after</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ tokenId, token, before, after }) => (
            <tr key={tokenId}>
              <th scope="row">
                <code title={`id ${tokenId}`}>{label({ piece: token, id: tokenId })}</code>
              </th>
              <Bar side="before" logprob={before} floor={effect.before.at(-1)?.logprob ?? null} greatest={greatest} />
              <Bar side="after" logprob={after} floor={effect.after.at(-1)?.logprob ?? null} greatest={greatest} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface BarProps {
  side: 'before' | 'after';
  /** Null for a token that is not among the candidates of this side, all of which are at least as probable as `floor`. */
  logprob: number | null;
  floor: number | null;
  greatest: number;
}

function Bar({ side, logprob, floor, greatest }: BarProps) {
  const share = logprob === null ? 0 : Math.exp(logprob) / greatest;
  return (
    <td data-side={side}>
      <ShareBar share={share} tone={side === 'after' ? 'accent' : 'muted'} />
      <span className="gb-num">{logprob === null ? `≤ ${formatProbability(floor)}` : formatProbability(logprob)}</span>
    </td>
  );
}
