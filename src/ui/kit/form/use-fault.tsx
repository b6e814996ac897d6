/** A control's own word on what is wrong with its value, tied to it for screen readers. */
import { useId } from 'react';
import { faultsAt, saidOf } from './faults.ts';
import { type ControlProps, useForm } from './form-context.ts';
import classes from './form.module.css';

type Where = Pick<ControlProps, 'pointer' | 'labelledBy' | 'describedBy'>;

interface More {
  /** What was typed is no value: that comes before what was wrong with the last one. */
  complaint?: string | undefined;
  /** Pointers of the controls inside this one, which speak for themselves. */
  held?: readonly string[];
}

/** `entry` is for an input of Mantine's, `aria` for another control, `group` for what holds several; `said` is to be put below it. */
export function useFault({ pointer, labelledBy, describedBy }: Where, { complaint, held }: More = {}) {
  const { faults } = useForm();
  const id = useId();
  const text = complaint ?? saidOf(faultsAt(faults, pointer, held));
  const group = { 'aria-labelledby': labelledBy, 'aria-describedby': text === '' ? describedBy : `${id} ${describedBy}` };
  const aria = { ...group, 'aria-invalid': text === '' ? undefined : true };
  return {
    group,
    aria,
    // Mantine's own attributes would take the place of these.
    entry: { ...aria, withAria: false, error: text !== '' },
    said: text !== '' && (
      <p id={id} className={classes.error}>
        {text}
      </p>
    ),
  };
}
