/** Expected against actual, line by line, with what is equal or not checked folded away. */
import { Fragment } from 'react';
import { brief } from '../kit/json/brief.ts';
import { type DiffLine, diffLines } from './diff-lines.ts';
import classes from './diff-view.module.css';

/** Items of a long list of plain values that are shown. */
const LONG = 8;

interface Props {
  expected: unknown;
  actual: unknown;
  tolerance: number;
}

export function DiffView({ expected, actual, tolerance }: Props) {
  const lines = diffLines(expected, actual, tolerance);
  return (
    // Scrollable, so the keyboard must reach it.
    <div className={classes.root} tabIndex={0} role="group" aria-label="Expected against actual">
      {lines.map((line, index) => (
        <Fragment key={index}>
          <Line line={line} />
        </Fragment>
      ))}
    </div>
  );
}

function Line({ line }: { line: DiffLine }) {
  const indent = { paddingLeft: `${0.25 + line.depth * 1.125}rem` };
  if (line.kind === 'fold')
    return (
      <div className={classes.line} data-kind="fold">
        <span className={classes.sign} />
        <span style={indent}>⋯ {line.text}</span>
      </div>
    );
  const label = line.label === '' ? null : <span className={classes.key}>{line.label}: </span>;
  if (line.kind === 'open')
    return (
      <div className={classes.line} data-kind="open">
        <span className={classes.sign} />
        <span style={indent}>
          {label}
          {line.note && <em>{line.note}</em>}
        </span>
      </div>
    );
  if (line.kind === 'equal')
    return (
      <div className={classes.line} data-kind="equal" title={line.path}>
        <span className={classes.sign}>
          <span aria-hidden="true">✓</span>
        </span>
        <span style={indent}>
          {label}
          <Value value={line.value} />
        </span>
      </div>
    );
  return (
    <>
      <div className={classes.line} data-kind="expected" title={line.path}>
        <span className={classes.sign} aria-label="expected">
          −
        </span>
        <span style={indent}>
          {label}
          <Value value={line.expected} />
        </span>
      </div>
      <div className={classes.line} data-kind="actual" title={line.path}>
        <span className={classes.sign} aria-label="actual">
          +
        </span>
        <span style={indent}>
          {label}
          <Value value={line.actual} />
          {line.note && <em>{line.note}</em>}
        </span>
      </div>
    </>
  );
}

function Value({ value }: { value: unknown }) {
  if (value === undefined) return <span className={classes.nothing}>nothing</span>;
  if (Array.isArray(value) && value.length > LONG && value.every((item) => typeof item !== 'object'))
    return (
      <span>
        [
        {value
          .slice(0, LONG)
          .map((item) => brief(item, 40))
          .join(', ')}
        , … {value.length} items]
      </span>
    );
  return <span>{brief(value, 320)}</span>;
}
