/** What the panels ask many times a second goes by the port, so that it stays out of the network log of someone who watches their own calls. */
import { type Client, routeAt } from '../../client/client.ts';
import type { Input, Method, OperationAt, Output, PathOf, ServiceName } from '../../contract/index.ts';

export function direct<M extends Method, S extends ServiceName, P extends PathOf<S, M>>(
  client: Client,
  method: M,
  service: S,
  path: P,
  input: Input<S, OperationAt<S, M, P>>,
  signal?: AbortSignal,
): Promise<Output<S, OperationAt<S, M, P>>> {
  return client.transport('direct').call(routeAt(method, service, path), input as object, signal ? { signal } : {}) as Promise<
    Output<S, OperationAt<S, M, P>>
  >;
}
