/** Each validation rule with its expression and the value that it gave. */
import type { CaseResult } from '../../contract/index.ts';
import classes from './detail.module.css';
import { brief } from '../kit/json/brief.ts';
import { Mark } from './verdict.tsx';

export function RulesView({ rules }: { rules: CaseResult['rules'] }) {
  return (
    <ul className={classes.rules}>
      {rules.map(({ name, expression, value, passed, error }) => (
        <li key={name} data-passed={passed}>
          <Mark look={passed ? 'passed' : 'failed'} />
          <span className={classes.ruleName}>{name}</span>
          <code>{expression}</code>
          <span className={classes.ruleValue} data-error={error !== undefined || undefined}>
            {error ?? brief(value)}
          </span>
        </li>
      ))}
    </ul>
  );
}
