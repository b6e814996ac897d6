/** What stands in the place of a view until its data is there: that it loads, or why it does not come. */
import { ProblemAlert } from './problem-alert.tsx';
import classes from './waiting.module.css';

interface Props {
  /** What is loaded. */
  what: string;
  error?: unknown;
  onRetry?: () => void;
}

export function Waiting({ what, error, onRetry }: Props) {
  if (!error) return <div className={classes.waiting} role="status" aria-label={`Loading ${what}`} />;
  return (
    <div className={classes.waiting}>
      <ProblemAlert error={error} onRetry={onRetry} />
    </div>
  );
}
