/** Headers of the response and the envelope's metadata; in direct mode there are neither, and it says why. */
import { JsonView } from '../../kit/json/json-view.tsx';
import type { Exchange } from '../../kit/exchange.ts';
import classes from './response.module.css';

export function HeadersView({ exchange }: { exchange: Exchange }) {
  if (exchange.mode === 'direct')
    return <p className={classes.nothing}>A direct call is a function call: it has no headers and no envelope.</p>;
  return (
    <div className={classes.headers}>
      <table>
        <tbody>
          {exchange.headers.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {exchange.metadata !== undefined && (
        <>
          <h3 className="gb-label">metadata</h3>
          <JsonView value={exchange.metadata} label="Metadata" />
        </>
      )}
    </div>
  );
}
