/** Stands for a value that a form's own field would stop the page with: it is edited as JSON. */
import type { ControlProps } from './form-context.ts';
import classes from './form.module.css';
import { useFault } from './use-fault.tsx';

export function TooLong({ text, ...where }: Pick<ControlProps, 'pointer' | 'labelledBy' | 'describedBy'> & { text: string }) {
  const { said } = useFault(where);
  return (
    <>
      <p className={classes.nothing}>{text}: edit them as JSON.</p>
      {said}
    </>
  );
}
