/** The entry of the disposable worker. */
import { serveChecks } from './serve-checks.ts';

serveChecks(globalThis as unknown as Parameters<typeof serveChecks>[0]);
