/** How far a result is from its reference, in one line that begins with the verdict. */
import type { Output } from '../../contract/index.ts';
import { formatNumber } from '../kit/json/shown.ts';
import { Verdict } from './verdict.tsx';
import { Hint } from '../kit/layout/hint.tsx';

type Agreement = NonNullable<Output<'computation', 'execute'>['agreement']>;

interface Props {
  agreement: Agreement | null;
  /** What it is compared with: "its TypeScript reference". */
  reference: string;
  /** Why there was no comparison. */
  otherwise: string;
}

/** Two values that hardly differ are told with enough digits to see that they do. */
const DIGITS = 9;
const value = (number: number | null) => (number === null ? 'no finite number' : String(Number(number.toPrecision(DIGITS))));
/** "1e-5" rather than "0.00001". */
export const bound = (tolerance: number) => (tolerance > 0 && tolerance < 1e-3 ? tolerance.toExponential() : String(tolerance));

export function AgreementLine({ agreement, reference, otherwise }: Props) {
  if (!agreement) return <Hint>{otherwise}</Hint>;
  const { passed, max_abs_error, mean_abs_error, tolerance, worst } = agreement;
  return (
    <Verdict passed={passed}>
      <b>{passed ? `Agrees with ${reference}` : `Differs from ${reference}`}</b>: largest error{' '}
      <span className="gb-num">{formatNumber(max_abs_error)}</span>, mean <span className="gb-num">{formatNumber(mean_abs_error)}</span>;{' '}
      <span className="gb-num">{bound(tolerance)}</span> is tolerated.
      {worst && (max_abs_error > 0 || !passed) && (
        <small>
          Largest at{' '}
          <code>
            {worst.output}[{worst.index.join(', ')}]
          </code>
          : {value(worst.actual)} instead of {value(worst.expected)}.
        </small>
      )}
    </Verdict>
  );
}
