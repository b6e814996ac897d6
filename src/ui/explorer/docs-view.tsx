/** What the contract says of an endpoint: the shape of its result and events, the errors it may answer, its examples and their rules. */
import { ERRORS, type ErrorCode, type Route } from '../../contract/index.ts';
import { Prose } from '../kit/prose.tsx';
import { type JsonSchema, jsonSchemaOf } from '../kit/json/json-schema.ts';
import classes from './explorer.module.css';
import { type Field, formModel, typeName } from '../kit/form/model.ts';
import { boundsText } from '../kit/form/bounds.ts';

const byStatus = (a: ErrorCode, b: ErrorCode): number => ERRORS[a].status - ERRORS[b].status;

export function DocsView({ route: { endpoint } }: { route: Route }) {
  const output = jsonSchemaOf(endpoint.output, 'output');
  return (
    <div className={classes.docs}>
      <section>
        <h3 className="gb-label">Result</h3>
        <Shape schema={output} />
      </section>
      {endpoint.event && (
        <section>
          <h3 className="gb-label">Events, with stream: true</h3>
          <Shape schema={jsonSchemaOf(endpoint.event, 'output')} />
        </section>
      )}
      <section>
        <h3 className="gb-label">Errors</h3>
        <ul>
          {[...new Set<ErrorCode>(['unauthenticated', 'insufficient_scope', 'validation_failed', ...endpoint.errors])]
            .toSorted(byStatus)
            .map((code) => (
              <li key={code}>
                <span className="gb-num">{ERRORS[code].status}</span> <code>{code}</code> <span>{ERRORS[code].title}</span>
              </li>
            ))}
        </ul>
      </section>
      <section>
        <h3 className="gb-label">Examples and what must hold</h3>
        {endpoint.examples.map((example) => (
          <div key={example.name} className={classes.exampleDoc}>
            <b>{example.name}</b> <span>{example.description}</span>
            {example.expected_error !== undefined && (
              <p>
                answers <code>{example.expected_error}</code>
              </p>
            )}
            {Object.entries(example.validation_rules ?? {}).map(([name, rule]) => (
              <p key={name}>
                <code>
                  {name}: {rule}
                </code>
              </p>
            ))}
          </div>
        ))}
      </section>
    </div>
  );
}

/** A schema as a nested list of names and types. */
function Shape({ schema }: { schema: JsonSchema }) {
  return <Members field={formModel(schema)} />;
}

function Members({ field }: { field: Field }) {
  const inner = innerOf(field);
  if (inner.kind === 'union') {
    return inner.variants.map(({ title, field: variant }) => (
      <div key={title} className={classes.variant}>
        <code>{title}</code>
        <Members field={variant} />
      </div>
    ));
  }
  if (inner.kind !== 'object') return null;
  return (
    <ul className={classes.shape}>
      {inner.properties.map(({ name, field: property, required }) => {
        const nested = innerOf(property);
        return (
          <li key={name}>
            <code className={classes.member}>
              {name}
              {required ? '' : '?'}
            </code>{' '}
            <code className={classes.memberType}>{shortType(property)}</code>{' '}
            <span>
              <Prose text={[property.description, boundsText(property)].filter(Boolean).join(' · ')} />
            </span>
            {nested.kind === 'object' && <Members field={nested} />}
          </li>
        );
      })}
    </ul>
  );
}

/** What a list holds, or what is there when it is not null. */
function innerOf(field: Field): Field {
  if (field.kind === 'array') return innerOf(field.item);
  if (field.kind !== 'union') return field;
  const real = field.variants.filter((variant) => !(variant.field.kind === 'const' && variant.field.value === null));
  return real.length === 1 && real[0] ? innerOf(real[0].field) : field;
}

function shortType(field: Field): string {
  if (field.kind === 'enum') return field.options.map((option) => JSON.stringify(option)).join(' | ');
  const name = typeName(field);
  return name.length > 60 ? `${name.slice(0, 57)}…` : name;
}
