/** Puts the services together: their methods and the common operations, in the table that the transports dispatch to. */
import { ApiError, type CallContext, type Implementation, routes, type ServiceName, serviceNames } from '../contract/index.ts';
import { commonOperations } from './common.ts';
import type { Call } from './examples/run.ts';

export type Services = { readonly [S in ServiceName]?: Implementation<S> };
type Method = (input: never, context: CallContext) => unknown;
type Methods = Record<string, Method | undefined>;

/**
 * The operations of all services by name. Part of the services alone can stand here, as in tests.
 * @param call how the example tests call a route
 */
export function operationsOf(services: Services, call: Call): Record<ServiceName, Methods> {
  return Object.fromEntries(serviceNames.map((name) => [name, methodsOf(name, services[name], call)])) as Record<ServiceName, Methods>;
}

function methodsOf(name: ServiceName, service: Services[ServiceName], call: Call): Methods {
  const methods: Methods = {};
  const state = () => {
    if (!service) throw new ApiError('not_found', `The ${name} service is not served here.`);
    return service.state();
  };
  Object.assign(methods, commonOperations(name, state, call));
  const own = service as unknown as Methods | undefined;
  for (const { operation } of routes.filter((route) => route.service === name)) {
    if (typeof own?.[operation] === 'function') methods[operation] = own[operation].bind(service);
  }
  return methods;
}
