/** What the colours of a timeline stand for. */
import classes from './timeline.module.css';
import { Legend } from '../kit/layout/legend.tsx';

export function TimelineLegend() {
  return (
    <Legend className={classes.legend}>
      {['prefill', 'decode', 'waiting', 'swapped', 'end'].map((phase) => (
        <li key={phase}>
          <i data-phase={phase} /> {phase}
        </li>
      ))}
    </Legend>
  );
}
