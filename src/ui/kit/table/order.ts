/** The rows of a table in the order that its reader asked for. */

/** What a row is ordered by in a column; null, what it does not have, stands last either way. */
type Value = string | number | null;

export interface Sortable<Row> {
  id: string;
  sortBy?: (row: Row) => Value;
  /** The greatest comes first at the first click. */
  descends?: boolean;
}

export interface Order {
  column: string;
  descending: boolean;
}

export function sortRows<Row>(rows: readonly Row[], columns: readonly Sortable<Row>[], order: Order | null): readonly Row[] {
  const sortBy = columns.find(({ id }) => id === order?.column)?.sortBy;
  if (!order || !sortBy) return rows;
  return rows.toSorted((a, b) => {
    const [left, right] = [sortBy(a), sortBy(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return compare(left, right) * (order.descending ? -1 : 1);
  });
}

const compare = (a: string | number, b: string | number): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en', { numeric: true });

/** One way, the other way, and as the rows came. */
export function nextOrder<Row>({ id, descends = false }: Sortable<Row>, was: Order | null): Order | null {
  if (was?.column !== id) return { column: id, descending: descends };
  return was.descending === descends ? { column: id, descending: !descends } : null;
}
