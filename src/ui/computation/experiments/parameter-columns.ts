/** The columns of a table of combinations that say which one a row is. */
import type { Column } from '../../kit/table/table.tsx';
import { valueText } from './experiment.ts';

interface Row {
  parameters: Readonly<Record<string, unknown>>;
}

export function parameterColumns(fields: readonly string[]): Column<Row>[] {
  if (fields.length === 0) return [{ id: 'plan', cell: () => 'alone', lookOf: () => 'strong' }];
  return fields.map((field) => ({
    id: field,
    sortBy: ({ parameters: { [field]: value } }) => (typeof value === 'number' ? value : valueText(value)),
    cell: ({ parameters }) => valueText(parameters[field]),
    lookOf: () => 'strong',
  }));
}
