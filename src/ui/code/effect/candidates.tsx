/** The best candidates before and after, side by side, with their probabilities as bars. */
import { useTokenLabel } from '../../kit/model/use-token-label.ts';
import classes from './effect.module.css';
import type { Candidate } from './compare.ts';

interface Props {
  before: readonly Candidate[];
  after: readonly Candidate[];
}

export function Candidates({ before, after }: Props) {
  const kept = new Set(before.map(({ token_id }) => token_id));
  return (
    <div className={classes.candidates}>
      <List title="Built-in" candidates={before} />
      <List title="Patched" candidates={after} isNew={(id) => !kept.has(id)} />
    </div>
  );
}

function List({ title, candidates, isNew }: { title: string; candidates: readonly Candidate[]; isNew?: (id: number) => boolean }) {
  const label = useTokenLabel();
  return (
    <div>
      <h4 className="gb-label">{title}</h4>
      <ol>
        {candidates.map(({ token_id, token, logprob }) => {
          const probability = Math.exp(logprob);
          return (
            <li key={token_id} data-new={isNew?.(token_id) || undefined}>
              <span className={classes.bar} style={{ inlineSize: `${(100 * probability).toFixed(1)}%` }} />
              <code>{label({ piece: token, id: token_id })}</code>
              <span className="gb-num">{(100 * probability).toFixed(1)} %</span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
