/** What a kernel takes and gives, within which limits, at what cost. */
import { bound } from '../agreement.tsx';
import classes from '../computation.module.css';
import type { Kernel } from '../queries.ts';
import { Fact, Facts } from '../../kit/figures/facts.tsx';
import { Card } from '../../kit/layout/card.tsx';

export function KernelFacts({ kernel }: { kernel: Kernel }) {
  const { inputs, outputs, sizes, parameters, tolerance, flops, bytes_moved } = kernel;
  return (
    <>
      <Card compact aria-label="Ports">
        <h2>Takes</h2>
        <Ports ports={inputs} />
        <h2>Gives</h2>
        <Ports ports={outputs} />
      </Card>
      <Card compact aria-label="Sizes and limits">
        <h2>Sizes</h2>
        <Facts below>
          {sizes.map(({ name, description, minimum, maximum }) => (
            <Fact
              key={name}
              name={<code>{name}</code>}
              aside={<span className="gb-num">{`${grouped(minimum)} – ${grouped(maximum)}`}</span>}
            >
              {description}
            </Fact>
          ))}
        </Facts>
        {parameters.length > 0 && (
          <>
            <h2>Parameters</h2>
            <Facts below>
              {parameters.map(({ name, description, default: value, minimum, maximum }) => (
                <Fact key={name} name={<code>{name}</code>} aside={<span className="gb-num">{value + boundsText(minimum, maximum)}</span>}>
                  {description}
                </Fact>
              ))}
            </Facts>
          </>
        )}
      </Card>
      <Card compact aria-label="Cost">
        <h2>Cost</h2>
        <Facts below>
          {flops !== null && <Formula name="Operations" formula={flops} />}
          {bytes_moved !== null && <Formula name="Bytes read and written" formula={bytes_moved} />}
          <Fact name="Tolerated difference from the reference">
            <span className="gb-num">{bound(tolerance)}</span>
          </Fact>
        </Facts>
      </Card>
    </>
  );
}

const grouped = (size: number) => size.toLocaleString('en');

const boundsText = (minimum: number | null, maximum: number | null): string =>
  minimum === null ? '' : maximum === null ? `, ≥ ${minimum}` : `, ${minimum} – ${maximum}`;

function Ports({ ports }: { ports: Kernel['inputs'] }) {
  return (
    <Facts below>
      {ports.map(({ name, shape, dtypes, description }) => (
        <Fact
          key={name}
          name={<code>{name}</code>}
          aside={<span className="gb-mono">{`${dtypes.join(' | ')} [${shape.map(readable).join(', ')}]`}</span>}
        >
          {description}
        </Fact>
      ))}
    </Facts>
  );
}

function Formula({ name, formula }: { name: string; formula: string }) {
  return (
    <Fact name={name}>
      {formula.split(' + ').map((term, i) => (
        <code key={term} className={classes.term}>
          {i > 0 && '+ '}
          {readable(term)}
        </code>
      ))}
    </Fact>
  );
}

const readable = (formula: string) => formula.replaceAll(' * ', '·');
