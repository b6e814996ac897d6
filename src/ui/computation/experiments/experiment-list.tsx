/** The experiments that this browser keeps, the latest first. */
import { Link } from 'wouter';
import frame from '../../scheduler/scheduler.module.css';
import { addressOf } from './address.ts';
import { type ExperimentSummary, isActive } from './experiment.ts';
import classes from './experiments.module.css';

interface Props {
  experiments: readonly ExperimentSummary[];
  opened: string | null;
}

export function ExperimentList({ experiments, opened }: Props) {
  return (
    <section className={frame.card} aria-label="Experiments">
      <h2>
        Experiments <small>{experiments.length}, kept in this browser</small>
      </h2>
      <ul className={classes.list}>
        {experiments.map((experiment) => {
          const { id, name, state, progress, created_at } = experiment;
          const { runs_done, runs_total } = progress;
          return (
            <li key={id}>
              <Link href={addressOf({ id })} aria-current={id === opened ? 'true' : undefined}>
                <span className={classes.listName}>{name}</span>
                <span className={classes.state} data-state={state}>
                  {state}
                </span>
                <span className="gb-num">
                  {isActive(experiment) || runs_done < runs_total ? `${runs_done} of ${runs_total}` : runs_total}{' '}
                  {runs_total === 1 ? 'run' : 'runs'}
                </span>
                <time dateTime={created_at}>{whenText(created_at)}</time>
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

export function whenText(iso: string): string {
  const when = new Date(iso);
  const time = when.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const isToday = when.toDateString() === new Date().toDateString();
  return isToday ? time : `${when.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${time}`;
}
