/** What the colours of a timeline stand for. */
import classes from './timeline.module.css';

export function TimelineLegend() {
  return (
    <ul className={classes.legend} aria-label="Legend">
      {['prefill', 'decode', 'waiting', 'swapped', 'end'].map((phase) => (
        <li key={phase}>
          <i data-phase={phase} /> {phase}
        </li>
      ))}
    </ul>
  );
}
