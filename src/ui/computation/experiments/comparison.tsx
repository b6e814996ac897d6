/** Two experiments beside each other: what they differ in, and the chosen figure as a ratio, combination by combination. */
import { Change, type Verdict } from '../../kit/change.tsx';
import { Moment } from '../../kit/moment.tsx';
import { compare, recordDifferences, verdictOf } from './compare.ts';
import { type Experiment, nameText, valueText } from './experiment.ts';
import classes from './experiments.module.css';
import type { Figure } from './figures.ts';
import { Card } from '../../kit/layout/card.tsx';
import { Hint } from '../../kit/layout/hint.tsx';

/** Longer values are cut. */
const LONG = 80;

interface Props {
  a: Experiment;
  b: Experiment;
  figure: Figure;
  fields: readonly string[];
}

export function ComparisonCard({ a, b, figure, fields }: Props) {
  const { rows, onlyA, onlyB, meanRatio } = compare(a, b, figure);
  const differences = a.record && b.record ? recordDifferences(a.record, b.record) : [];
  return (
    <Card aria-label="Comparison">
      <h2>
        {figure.name}: B over A{' '}
        <small>
          A is {nameText(a.name)}, B is {nameText(b.name)}
          {a.name === b.name && (
            <>
              , of <Moment at={b.created_at} />
            </>
          )}
        </small>
      </h2>
      <p className={classes.differences}>
        {differences.length === 0 ? 'Plan, weights, code, seed and device are the same: only chance parts them.' : 'They differ in'}
        {differences.map(({ name, a: left, b: right }) => (
          <span key={name}>
            <code>{name}</code> {cut(left)} → <b>{cut(right)}</b>
          </span>
        ))}
      </p>
      {rows.length === 0 ? (
        <Hint>No combination of the grid is in both: a comparison needs experiments over the same fields and values.</Hint>
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it
        <div className={classes.table} tabIndex={0} role="region" aria-label="Table of ratios">
          <table>
            <thead>
              <tr>
                {fields.map((name) => (
                  <th key={name}>{name}</th>
                ))}
                {fields.length === 0 && <th>plan</th>}
                <th data-number>A</th>
                <th data-number>B</th>
                <th data-number>B/A</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ key, parameters, a: left, b: right, ratio, verdict }) => (
                <tr key={key}>
                  {fields.map((name) => (
                    <td key={name} className={classes.parameter}>
                      {valueText(parameters[name])}
                    </td>
                  ))}
                  {fields.length === 0 && <td className={classes.parameter}>alone</td>}
                  <td data-number>{left === null ? '–' : figure.show(left)}</td>
                  <td data-number>{right === null ? '–' : figure.show(right)}</td>
                  <Ratio ratio={ratio} verdict={verdict} />
                </tr>
              ))}
            </tbody>
            {rows.length > 1 && meanRatio !== null && (
              <tfoot>
                <tr>
                  <th colSpan={Math.max(1, fields.length) + 2} scope="row">
                    geometric mean
                  </th>
                  <Ratio ratio={meanRatio} verdict={verdictOf(meanRatio, figure)} />
                </tr>
              </tfoot>
            )}
          </table>
        </div>
      )}
      {rows.length > 0 && onlyA + onlyB > 0 && (
        <Hint>
          Left out, since only one has them: {onlyA} of A, {onlyB} of B.
        </Hint>
      )}
    </Card>
  );
}

const cut = (text: string): string => (text.length > LONG ? `${text.slice(0, LONG)}…` : text);

function Ratio({ ratio, verdict }: { ratio: number | null; verdict: Verdict | null }) {
  return (
    <td data-number>
      <Change text={ratio === null ? '–' : `${ratio.toFixed(ratio < 10 ? 2 : 1)} ×`} verdict={verdict} />
    </td>
  );
}
