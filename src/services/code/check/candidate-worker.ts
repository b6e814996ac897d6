/** The entry of the disposable worker: the first message brings the port on which candidates come, out of their reach. */
import { serveChecks } from './serve-checks.ts';

addEventListener(
  'message',
  ({ ports: [port] }) => {
    serveChecks(port!, globalThis as unknown as Record<string, unknown>);
    port!.start();
  },
  { once: true },
);
