/** One call of `print`: texts as they are, small values in line, large ones as a tree. */
import { Fragment } from 'react';
import { JsonView } from '../../kit/json/json-view.tsx';
import { looksLikePiece } from '../../kit/model/token-text.ts';
import { useTokenLabel } from '../../kit/model/use-token-label.ts';
import classes from '../../kit/plot/output.module.css';
import { inline, isSpecial, readable, specialText } from '../../kit/json/shown.ts';

export function PrintView({ level, values }: { level: 'log' | 'warn' | 'error'; values: readonly unknown[] }) {
  return (
    <div className={classes.print} data-level={level}>
      {level !== 'log' && <span className="gb-sr-only">{level === 'warn' ? 'Warning:' : 'Error:'}</span>}
      {values.map((value, index) => (
        // The position is the identity. The space is what a copy of the text needs.
        <Fragment key={index}>
          {index > 0 && ' '}
          <Value value={value} />
        </Fragment>
      ))}
    </div>
  );
}

export function Value({ value }: { value: unknown }) {
  const label = useTokenLabel();
  if (typeof value === 'string') return <span className={classes.text}>{looksLikePiece(value) ? label({ piece: value }) : value}</span>;
  if (isSpecial(value) && value['entries'] === undefined && value['values'] === undefined)
    return <span className={classes.special}>{specialText(value)}</span>;
  const text = inline(value);
  if (text !== null) return <span className={typeof value === 'number' ? classes.number : classes.value}>{text}</span>;
  return (
    <span className={classes.tree}>
      <JsonView value={readable(value)} label="Printed value" />
    </span>
  );
}
