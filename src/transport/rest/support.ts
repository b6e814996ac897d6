/** What the RESTful mode needs of the browser. Apart from the interception, since MSW can't even be loaded where storage is denied. */
import { ApiError } from '../../contract/index.ts';
import { mayStore } from '../../environment/text-store.ts';

/** @throws ApiError internal, with the reason and what to do */
export function assertRestfulSupport(): void {
  if (globalThis.isSecureContext === false)
    throw new ApiError(
      'internal',
      'This address is neither HTTPS nor localhost, so the browser gives it no service worker; nor does it WebGPU, threads or kept downloads.',
    );
  if (!('serviceWorker' in navigator))
    throw new ApiError('internal', 'This browser has no service workers here; a private window may be why.');
  if (!mayStore())
    throw new ApiError(
      'internal',
      'The browser denies this site its storage, and with it service workers. Allow it cookies and site data, and reload.',
    );
}
