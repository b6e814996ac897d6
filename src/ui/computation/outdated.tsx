/** Above a result whose inputs have changed since. */
import classes from './computation.module.css';

export const Outdated = () => (
  <p className={classes.fallback} role="status">
    This is the result of other inputs: what stands in the form has changed since. Run again.
  </p>
);
