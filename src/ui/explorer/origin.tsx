/** The word on a request that a link filled in: that nothing was sent, and what sending it would do. */
import type { Route } from '../../contract/index.ts';
import { hostsIn, LinkNotice } from '../kit/link-notice.tsx';
import type { LinkOrigin } from './use-linked.ts';

export function Origin({ route, origin, input }: { route: Route; origin: LinkOrigin; input: unknown }) {
  if (!origin.filled) {
    return (
      <LinkNotice tone="bad" actions={[{ label: 'Close', run: origin.dismiss }]}>
        <p>{origin.reason} The request below is the one that was here before.</p>
      </LinkNotice>
    );
  }
  const { consequence } = route.endpoint;
  const hosts = hostsIn(input);
  return (
    <LinkNotice
      tone={consequence || hosts.length > 0 ? 'warn' : 'info'}
      actions={[{ label: 'Put back what was here', run: origin.putBack }]}
    >
      <p>
        The link filled this request in; nothing has been sent.
        {consequence && ` Sending it ${consequence}.`}
        {hosts.length > 0 &&
          ` It names ${hosts.length === 1 ? 'the host' : 'the hosts'} ${hosts.slice(0, 5).join(', ')}${hosts.length > 5 ? ` and ${hosts.length - 5} more` : ''}.`}
        {consequence && ' Read it first.'}
      </p>
    </LinkNotice>
  );
}
