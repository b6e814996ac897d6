/** The continuations of one prompt as a small tree: which there are, where they part, how sure the model was of each. */
import { counted } from '../../environment/counted.ts';
import { firstOf } from '../kit/model/token-text.ts';
import { useTokenLabel } from '../kit/model/use-token-label.ts';
import { type Branch, depth, isLive } from './branch.ts';
import classes from './branch-bar.module.css';

interface Props {
  branches: readonly Branch[];
  active: Branch;
  onSelect: (branch: Branch) => void;
}

export function BranchBar({ branches, active, onSelect }: Props) {
  if (branches.length < 2) return null;
  return (
    <nav className={classes.bar} aria-label="Branches">
      <ul>
        {branches.map((branch) => (
          <li key={branch.id} style={{ paddingLeft: `${depth(branch)}rem` }}>
            <button type="button" aria-current={branch === active || undefined} onClick={() => onSelect(branch)}>
              <span className="gb-num">{branch.label}</span>
              <span className={classes.text}>
                <Summary branch={branch} />
              </span>
              <span className={classes.figure} title="Perplexity of the sampled tokens under the model: exp of the mean −logprob">
                {isLive(branch) ? 'running' : perplexity(branch)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** A root by its beginning, a branch by the exchange it grew from. */
function Summary({ branch }: { branch: Branch }) {
  const label = useTokenLabel();
  const { parent, fork } = branch;
  const chosen = branch.tokens[fork];
  if (!parent || !chosen)
    return (
      firstOf(
        branch.tokens.map(({ text }) => text),
        80,
      ).trimStart() || '…'
    );
  const replaced = parent.tokens[fork];
  return (
    <>
      <code>{label(replaced)}</code> → <code>{label(chosen)}</code> <span>at position {fork}:</span>{' '}
      <q>
        {firstOf(
          branch.tokens.slice(fork + 1).map(({ text }) => text),
          60,
        ).trimStart()}
      </q>
    </>
  );
}

function perplexity({ tokens }: Branch): string {
  const known = tokens.flatMap(({ logprob }) => (logprob === null ? [] : [logprob]));
  if (known.length === 0) return counted(tokens.length, 'token');
  return `ppl ${Math.exp(-known.reduce((sum, logprob) => sum + logprob, 0) / known.length).toFixed(2)}`;
}
