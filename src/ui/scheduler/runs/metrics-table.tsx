/** The metrics of a run, or of two beside each other with what changed. */
import { Change, signedPercent } from '../../kit/change.tsx';
import classes from './runs.module.css';
import { rowsOf, settingsThatDiffer } from './compare.ts';
import type { Run } from './run-store.ts';

export function MetricsTable({ a, b }: { a: Run; b: Run | null }) {
  const rows = rowsOf(a.result.metrics, b?.result.metrics ?? null);
  const settings = b ? settingsThatDiffer(a.result, b.result) : [];
  return (
    <div className={classes.metrics}>
      {b && (
        <p className={classes.settings}>
          {settings.length === 0 ? 'Both were served alike.' : 'Differ in '}
          {settings.map(({ name, a: left, b: right }) => (
            <span key={name}>
              <code>{name}</code> {left} → <b>{right}</b>
            </span>
          ))}
        </p>
      )}
      <table data-pair={b !== null || undefined}>
        <thead>
          <tr>
            <th>metric</th>
            <th data-number>{a.name}</th>
            {b && (
              <>
                <th data-number>{b.name}</th>
                <th data-number>
                  {a.name} → {b.name}
                </th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, title, a: left, b: right, change, verdict }) => (
            <tr key={name}>
              <th scope="row" title={title}>
                {name}
              </th>
              <td data-number>{left}</td>
              {b && (
                <>
                  <td data-number>{right}</td>
                  <td data-number>
                    <Change text={change === null ? '–' : signedPercent(change)} verdict={verdict} />
                  </td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
