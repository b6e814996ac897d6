/** What the RESTful mode needs of the browser. Apart from the interception, since MSW can't even be loaded where storage is denied. */
import { ApiError } from '../../contract/index.ts';
import { mayStore } from '../../environment/text-store.ts';

/** @throws ApiError internal, with the reason and what to do */
export function assertRestfulSupport(): void {
  if (!('serviceWorker' in navigator))
    throw new ApiError('internal', 'This browser, or this insecure address, has no service workers. HTTPS or localhost is needed.');
  if (!mayStore())
    throw new ApiError(
      'internal',
      'The browser denies this site its storage, and with it service workers. Allow cookies for it and reload.',
    );
}
