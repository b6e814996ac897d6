/** Above a result whose inputs have changed since. */
import { Callout } from '../kit/layout/callout.tsx';

export const Outdated = () => (
  <Callout tone="warn" role="status">
    This is the result of other inputs: what stands in the form has changed since. Run again.
  </Callout>
);
