/** Headers of the response and the envelope's metadata; in direct mode there are neither, and it says why. */
import { Fact, Facts } from '../../kit/figures/facts.tsx';
import { JsonView } from '../../kit/json/json-view.tsx';
import type { Exchange } from '../../kit/exchange.ts';

export function HeadersView({ exchange }: { exchange: Exchange }) {
  if (exchange.mode === 'direct') return <p className="gb-faint">A direct call is a function call: it has no headers and no envelope.</p>;
  return (
    <div className="gb-stack">
      <Facts label="Headers">
        {exchange.headers.map(([name, value]) => (
          <Fact key={name} name={<code>{name}</code>}>
            <code>{value}</code>
          </Fact>
        ))}
      </Facts>
      {exchange.metadata !== undefined && (
        <>
          <h3 className="gb-label">metadata</h3>
          <JsonView value={exchange.metadata} label="Metadata" />
        </>
      )}
    </div>
  );
}
