/** The experiments that this browser keeps, the latest first. */
import { Link } from 'wouter';
import { Moment } from '../../kit/moment.tsx';
import { useKeeps } from '../../kit/use-keeps.ts';
import { addressOf } from './address.ts';
import { type ExperimentSummary, isActive, nameText } from './experiment.ts';
import classes from './experiments.module.css';
import { Card } from '../../kit/layout/card.tsx';
import { Badge } from '../../kit/layout/badge.tsx';
import { STATE_TONES } from './state-tones.ts';

interface Props {
  experiments: readonly ExperimentSummary[];
  opened: string | null;
}

export function ExperimentList({ experiments, opened }: Props) {
  const keeps = useKeeps();
  return (
    <Card aria-label="Experiments">
      <h2>
        Experiments{' '}
        <small>
          {experiments.length}, {keeps}
        </small>
      </h2>
      <ul className={classes.list}>
        {experiments.map((experiment) => {
          const { id, name, state, progress, created_at } = experiment;
          const { runs_done, runs_total } = progress;
          return (
            <li key={id}>
              <Link href={addressOf({ id })} aria-current={id === opened ? 'true' : undefined}>
                <span className={classes.listName}>{nameText(name)}</span>
                <Badge round tone={STATE_TONES[state]}>
                  {state}
                </Badge>
                <span className="gb-num">
                  {isActive(experiment) || runs_done < runs_total ? `${runs_done} of ${runs_total}` : runs_total}{' '}
                  {runs_total === 1 ? 'run' : 'runs'}
                </span>
                <Moment at={created_at} />
              </Link>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
