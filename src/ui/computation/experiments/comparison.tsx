/** Two experiments beside each other: what they differ in, and the chosen figure as a ratio, combination by combination. */
import { Change, type Verdict } from '../../kit/change.tsx';
import { Moment } from '../../kit/moment.tsx';
import { compare, recordDifferences, verdictOf } from './compare.ts';
import { type Experiment, nameText } from './experiment.ts';
import type { Figure } from './figures.ts';
import { type Column, Table } from '../../kit/table/table.tsx';
import { parameterColumns } from './parameter-columns.ts';
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
  const show = (value: number | null) => (value === null ? '–' : figure.show(value));
  const columns: Column<(typeof rows)[number]>[] = [
    ...parameterColumns(fields),
    { id: 'A', numeric: true, cell: (row) => show(row.a) },
    { id: 'B', numeric: true, cell: (row) => show(row.b) },
    { id: 'B/A', numeric: true, cell: Ratio },
  ];
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
      <p className="gb-row gb-small gb-muted">
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
        <Table
          label="Table of ratios"
          columns={columns}
          rows={rows}
          keyOf={({ key }) => key}
          foot={
            rows.length > 1 &&
            meanRatio !== null && (
              <tr>
                <th colSpan={columns.length - 1} scope="row">
                  geometric mean
                </th>
                <td data-numeric>
                  <Ratio ratio={meanRatio} verdict={verdictOf(meanRatio, figure)} />
                </td>
              </tr>
            )
          }
        />
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
  return <Change text={ratio === null ? '–' : `${ratio.toFixed(ratio < 10 ? 2 : 1)} ×`} verdict={verdict} />;
}
