/** Puts the services together: their methods and the common operations, in the table that the transports dispatch to. */
import { type CallContext, type Implementation, routes, type ServiceName, serviceNames } from '../contract/index.ts';
import { commonOperations } from './common.ts';
import type { Call } from './examples/run.ts';

export type Services = { readonly [S in ServiceName]: Implementation<S> };
type Method = (input: never, context: CallContext) => unknown;
type Methods = Record<string, Method>;

/**
 * The operations of all services by name.
 * @param call how the example tests call a route
 */
export function operationsOf(services: Services, call: Call): Record<ServiceName, Methods> {
  return Object.fromEntries(serviceNames.map((name) => [name, methodsOf(name, services, call)])) as Record<ServiceName, Methods>;
}

function methodsOf(name: ServiceName, services: Services, call: Call): Methods {
  const service = services[name];
  const own = service as unknown as Methods;
  const methods: Methods = {
    ...commonOperations(
      name,
      () => service.state(),
      call,
      async () => (await services.tokenizer.state()).tokenizer_id,
    ),
  };
  // The compiler has seen that each is there.
  for (const { operation } of routes.filter((route) => route.service === name)) methods[operation] ??= own[operation]!.bind(service);
  return methods;
}
