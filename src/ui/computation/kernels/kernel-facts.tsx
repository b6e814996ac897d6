/** What a kernel takes and gives, within which limits, at what cost. */
import { bound } from '../agreement.tsx';
import classes from '../computation.module.css';
import type { Kernel } from '../queries.ts';
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
        <dl className={classes.facts}>
          {sizes.map(({ name, description, minimum, maximum }) => (
            <div key={name}>
              <dt>
                <code>{name}</code>
                <span className="gb-num">
                  {minimum.toLocaleString('en')} – {maximum.toLocaleString('en')}
                </span>
              </dt>
              <dd>{description}</dd>
            </div>
          ))}
        </dl>
        {parameters.length > 0 && (
          <>
            <h2>Parameters</h2>
            <dl className={classes.facts}>
              {parameters.map(({ name, description, default: value, minimum, maximum }) => (
                <div key={name}>
                  <dt>
                    <code>{name}</code>
                    <span className="gb-num">
                      {value}
                      {minimum !== null && maximum !== null ? `, ${minimum} – ${maximum}` : minimum !== null ? `, ≥ ${minimum}` : ''}
                    </span>
                  </dt>
                  <dd>{description}</dd>
                </div>
              ))}
            </dl>
          </>
        )}
      </Card>
      <Card compact aria-label="Cost">
        <h2>Cost</h2>
        <dl className={classes.formulas}>
          {flops !== null && <Formula name="Operations" formula={flops} />}
          {bytes_moved !== null && <Formula name="Bytes read and written" formula={bytes_moved} />}
          <div>
            <dt>Tolerated difference from the reference</dt>
            <dd className="gb-num">{bound(tolerance)}</dd>
          </div>
        </dl>
      </Card>
    </>
  );
}

function Ports({ ports }: { ports: Kernel['inputs'] }) {
  return (
    <dl className={classes.facts}>
      {ports.map(({ name, shape, dtypes, description }) => (
        <div key={name}>
          <dt>
            <code>{name}</code>
            <span className={classes.shape}>
              {dtypes.join(' | ')} [{shape.map(readable).join(', ')}]
            </span>
          </dt>
          <dd>{description}</dd>
        </div>
      ))}
    </dl>
  );
}

function Formula({ name, formula }: { name: string; formula: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {formula.split(' + ').map((term, i) => (
          <code key={term}>
            {i > 0 && '+ '}
            {readable(term)}
          </code>
        ))}
      </dd>
    </div>
  );
}

const readable = (formula: string) => formula.replaceAll(' * ', '·');
