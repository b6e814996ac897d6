/** Stands where a panel is not built yet: says so, and shows which of its endpoints answer today. */
import { useQueries } from '@tanstack/react-query';
import { Link } from 'wouter';
import { routes, type ServiceName } from '../../contract/index.ts';
import { useClient, useHealth } from '../kit/client-context.tsx';
import { Icon } from '../kit/icons.tsx';
import { Method } from '../kit/method.tsx';
import classes from './pending-panel.module.css';
import type { Panel } from './panels.ts';

/** Every service has these three; they say nothing about a panel. */
const COMMON = new Set(['info', 'examples', 'test']);

export function PendingPanel({ path, title, icon, purpose, services = [] }: Omit<Panel, 'Component'>) {
  const built = useBuilt(services);
  const listed = routes.filter(
    ({ service, operation }) =>
      services.includes(service) && (path === '/tests' ? operation === 'test' || operation === 'examples' : services.length === 1),
  );
  const own = listed.filter(({ operation }) => !COMMON.has(operation));
  const service = services.length === 1 ? services[0] : undefined;
  return (
    <section className={classes.root}>
      <Icon name={icon} size={32} className={classes.icon} />
      <h1>{title}</h1>
      <p className={classes.purpose}>{purpose}</p>
      <p>
        This view is not built yet.{' '}
        {service
          ? own.length > 0
            ? `Its service is in the contract; an endpoint that is not built answers 501.`
            : `The ${service} service has no endpoints of its own in the contract yet; it answers only what every service does.`
          : 'The same work is open to you as endpoints of each service.'}
      </p>
      <ul className={classes.endpoints}>
        {listed.map((route) => {
          const state = built.get(`${route.endpoint.method} ${route.path}`);
          return (
            <li key={`${route.service}/${route.operation}`}>
              <Link href={`/api/${route.service}/${route.operation}`}>
                <Method method={route.endpoint.method} />
                <code>{route.path}</code>
                <span className={classes.summary}>{route.endpoint.summary}</span>
                <span className={classes.state} data-built={state}>
                  {state === undefined ? '' : state ? 'answers' : '501'}
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

interface Built {
  method: string;
  path: string;
  built: boolean;
}

/** Which endpoints are built, as each service's `info` says it. */
function useBuilt(services: readonly ServiceName[]): Map<string, boolean> {
  const client = useClient();
  const { worker } = useHealth();
  const answers = useQueries({
    queries: services.map((service) => ({
      queryKey: ['info', service, 'endpoints'],
      enabled: worker === 'ready',
      staleTime: 60_000,
      queryFn: async () => {
        const exchange = await client.send(service, 'info', {}, { mode: 'direct' });
        if (exchange.ok) return (exchange.data as { endpoints: Built[] }).endpoints;
        if (exchange.problem?.code !== 'not_implemented')
          throw new Error(exchange.problem?.detail ?? `${service} answered ${exchange.status}`);
        // A service that cannot even say what it is has nothing of its own yet.
        return routes
          .filter((route) => route.service === service && !COMMON.has(route.operation))
          .map(({ path, endpoint }): Built => ({ method: endpoint.method, path, built: false }));
      },
    })),
  });
  return new Map(answers.flatMap(({ data = [] }) => data.map(({ method, path, built }) => [`${method} ${path}`, built] as const)));
}
