/** Operations behind both transports, as the page has them: a port to call through, and the REST app. */
import type { Operations } from '../transport/dispatch.ts';
import { PortClient } from '../transport/direct/port-client.ts';
import { servePort } from '../transport/direct/port-server.ts';
import { createRestApp } from '../transport/rest/app.ts';
import { FetchClient } from '../transport/rest/fetch-client.ts';
import type { Guard } from '../transport/rest/guard.ts';

/** `close` it after the tests: an open port keeps the process alive. */
export function bothTransports(operations: Operations, guarded?: { guard: Guard; token: string }) {
  const { port1, port2 } = new MessageChannel();
  const app = createRestApp(operations, guarded?.guard);
  const direct = new PortClient();
  servePort(port2 as never, operations, (request, early) => app.fetch(request, early));
  direct.attach(port1 as never);
  port1.start();
  port2.start();
  return {
    direct,
    restful: new FetchClient(
      async (make) => app.fetch(make()),
      'http://glassbox/api',
      undefined,
      () => guarded?.token ?? null,
    ),
    close(): void {
      port1.close();
      port2.close();
    },
  };
}
