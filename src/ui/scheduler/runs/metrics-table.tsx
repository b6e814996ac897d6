/** The metrics of a run, or of two beside each other with what changed. */
import { Change, signedPercent } from '../../kit/change.tsx';
import { Figures } from '../../kit/figures/figures.tsx';
import { type Column, Table } from '../../kit/table/table.tsx';
import { rowsOf, settingsThatDiffer } from './compare.ts';
import type { Run } from './run-store.ts';

type Row = ReturnType<typeof rowsOf>[number];

export function MetricsTable({ a, b }: { a: Run; b: Run | null }) {
  const rows = rowsOf(a.result.metrics, b?.result.metrics ?? null);
  if (!b) return <Figures look="tiles" items={rows.map(({ name, title, a: value }) => ({ name, title, value }))} />;
  const settings = settingsThatDiffer(a.result, b.result);
  return (
    <>
      <p className="gb-row gb-muted">
        {settings.length === 0 ? 'Both were served alike.' : 'Differ in '}
        {settings.map(({ name, a: left, b: right }) => (
          <span key={name}>
            <code>{name}</code> {left} → <b>{right}</b>
          </span>
        ))}
      </p>
      <Table label="Metrics" columns={columnsOf(a.name, b.name)} rows={rows} keyOf={({ name }) => name} />
    </>
  );
}

const columnsOf = (a: string, b: string): readonly Column<Row>[] => [
  { id: 'metric', isHead: true, cell: ({ name, title }) => <span title={title}>{name}</span> },
  { id: a, numeric: true, cell: (row) => row.a },
  { id: b, numeric: true, cell: (row) => row.b },
  {
    id: 'change',
    head: `${a} → ${b}`,
    numeric: true,
    cell: ({ change, verdict }) => <Change text={change === null ? '–' : signedPercent(change)} verdict={verdict} />,
  },
];
