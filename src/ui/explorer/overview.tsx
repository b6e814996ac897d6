/** The explorer's first page: every service and every endpoint at a glance, and how to reach them from elsewhere. */
import { Link } from 'wouter';
import { contract, pathParameters, routes, serviceNames } from '../../contract/index.ts';
import { CodeBlock } from '../kit/code/code-block.tsx';
import { Fact, Facts } from '../kit/figures/facts.tsx';
import { Method } from '../kit/method.tsx';
import { ScopeBadge } from '../kit/scope-badge.tsx';
import { apiBase } from '../kit/address/api-base.ts';
import classes from './overview.module.css';

export function Overview() {
  const base = apiBase();
  return (
    <div className={classes.root}>
      <header>
        <h1>API</h1>
        <p>
          Every part of inference is a resource. The same call goes over REST, answered inside this tab by a service worker, or straight to
          the engine’s worker; the switch in the top bar decides, and each request can decide for itself.
        </p>
        <div className={classes.start}>
          <CodeBlock
            label="First steps"
            code={`// in this page's console\nawait glassbox.client.post('tokenizer', 'tokenize', { text: 'Hello' });\n\nawait fetch('${new URL(base).pathname}/tokenizer/info').then((response) => response.json());`}
          />
          <Facts below>
            <Fact name="Base">
              <code>{base}</code>
            </Fact>
            <Fact name="OpenAPI 3.1">
              <a href={`${base}/openapi.json`} target="_blank" rel="noreferrer">
                openapi.json
              </a>
            </Fact>
            <Fact name="Endpoints">
              {routes.length} in {serviceNames.length} services
            </Fact>
          </Facts>
        </div>
      </header>
      {serviceNames.map((service) => (
        <section key={service} aria-labelledby={`service-${service}`}>
          <h2 id={`service-${service}`}>{contract[service].title}</h2>
          {contract[service].description && <p>{contract[service].description}</p>}
          <ul>
            {routes
              .filter((route) => route.service === service)
              .map(({ operation, path, endpoint }) => (
                <li key={operation}>
                  <Link href={`/api/${service}/${operation}`}>
                    <Method method={endpoint.method} />
                    <code>
                      <Path path={path} />
                    </code>
                    <span>{endpoint.summary}</span>
                    <ScopeBadge scope={endpoint.scope} />
                  </Link>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** A path with its parameters set off. */
export function Path({ path }: { path: string }) {
  const names = new Set(pathParameters(path));
  return path.split(/(\{\w+\})/).map((part, index) =>
    names.has(part.slice(1, -1)) ? (
      <em key={index} className={classes.parameter}>
        {part}
      </em>
    ) : (
      part
    ),
  );
}
