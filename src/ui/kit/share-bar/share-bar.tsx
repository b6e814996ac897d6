/** A probability as a bar, beside its number, which says the same to whoever can't see it. */
import classes from './share-bar.module.css';

interface Props {
  /** Of the widest bar, 0 … 1. */
  share: number;
  /** `muted` for what stands beside the one that matters. */
  tone?: 'accent' | 'muted' | 'restful' | 'direct';
}

export function ShareBar({ share, tone = 'accent' }: Props) {
  return (
    <span className={classes.bar} data-tone={tone} aria-hidden="true">
      <span style={{ width: `${Math.max(0.5, 100 * share)}%` }} />
    </span>
  );
}
