/** What is wrong with the draft, under the editor: each line leads to its place. */
import { Icon } from '../../kit/icons.tsx';
import classes from '../code.module.css';
import type { PatchProblem } from '../problems.ts';

interface Props {
  problems: readonly PatchProblem[];
  onJump: (place: { line: number; column: number }) => void;
}

export function ProblemList({ problems, onJump }: Props) {
  return (
    <section className={classes.problems} aria-label="Problems" role="alert">
      <h3>
        {problems.length === 1 ? 'One problem' : `${problems.length} problems`}
        {problems.some(({ severity }) => severity === 'error') && '. What was active goes on.'}
      </h3>
      <ul>
        {problems.map(({ severity, message, place }, i) => (
          <li key={i} data-severity={severity}>
            <Icon name={severity === 'info' ? 'info' : 'warning'} />
            {place ? (
              <button type="button" onClick={() => onJump(place)}>
                <span className="gb-num">
                  {place.line}:{place.column}
                </span>{' '}
                {message}
              </button>
            ) : (
              <span>{message}</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
