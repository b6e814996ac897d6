/** What an experiment would run before it does: how many runs, and which of them could not be made. */
import { ApiError, placeName } from '../../../contract/index.ts';
import { useIsSaid } from '../../kit/entry/form-faults.tsx';
import { Icon } from '../../kit/icons.tsx';
import { linkedText } from '../../kit/address/linked-text.ts';
import { combinationsOf } from './combinations.ts';
import { type Experiment, parametersText } from './experiment.ts';
import classes from './experiments.module.css';
import { Callout } from '../../kit/layout/callout.tsx';

/** More are counted, not listed. */
const LISTED = 6;

/** What it quotes may have come by a link. */
const LONG = 1000;

interface Props {
  check: Experiment | undefined;
  error: unknown;
  /** How the number of runs comes about. */
  product: string;
}

export function CheckSummary({ check, error, product }: Props) {
  if (error) return <Refusal error={ApiError.from(error)} />;
  if (!check) return null;
  const { runs } = check;
  const problems = combinationsOf(runs.filter((run) => run.error !== null));
  const count = problems.reduce((sum, each) => sum + each.runs.length, 0);
  return (
    <div className={classes.check}>
      <p role="status">
        <b className="gb-num">{runs.length}</b> {runs.length === 1 ? 'run' : 'runs'}
        {product && <span>: {product}</span>}
      </p>
      {count > 0 && (
        <Callout tone="warn" className={classes.problems} role="alert">
          <h3>
            <Icon name="warning" size={14} /> {count === runs.length ? (count === 1 ? 'It' : 'None') : `${count} of them`} could not be made
            as asked
          </h3>
          <ul>
            {problems.slice(0, LISTED).map(({ key, parameters, runs: [first] }) => (
              <li key={key}>
                <b>{linkedText(parametersText(parameters), LONG) || 'the plan alone'}</b>
                <span>{linkedText(first?.error ?? '', LONG)}</span>
              </li>
            ))}
            {problems.length > LISTED && <li>and {problems.length - LISTED} more combinations</li>}
          </ul>
        </Callout>
      )}
    </div>
  );
}

/** What no field says. */
function Refusal({ error }: { error: ApiError }) {
  const isSaid = useIsSaid();
  const errors = error.errors.filter(({ path }) => !isSaid(path));
  if (error.errors.length > 0 && errors.length === 0) return null;
  return (
    <Callout tone="warn" className={classes.problems} role="alert">
      <h3>
        <Icon name="warning" size={14} /> It cannot be run so
      </h3>
      <ul>
        {errors.length === 0 && <li>{linkedText(error.message, LONG)}</li>}
        {errors.map(({ path, message }) => (
          <li key={path + message}>
            <b>{linkedText(placeName(path), LONG)}</b>
            <span>{linkedText(message, LONG)}</span>
          </li>
        ))}
      </ul>
    </Callout>
  );
}
