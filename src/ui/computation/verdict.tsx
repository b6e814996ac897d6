/** Whether something is as it should be, in one sentence that begins with it. */
import type { ReactNode } from 'react';
import { Icon } from '../kit/icons.tsx';
import classes from './computation.module.css';

export function Verdict({ passed, children }: { passed: boolean; children: ReactNode }) {
  return (
    <p className={classes.verdict} data-tone={passed ? 'ok' : 'bad'}>
      <Icon name={passed ? 'check' : 'warning'} />
      <span>{children}</span>
    </p>
  );
}
