/** The word on a request that a link filled in: that nothing was sent, and what sending it would do. */
import type { Route } from '../../contract/index.ts';
import { hostsIn, LinkNotice, Remarks } from '../kit/address/link-notice.tsx';
import { linkedText } from '../kit/address/linked-text.ts';
import type { LinkOrigin } from './use-linked.ts';

/** The longest name that DNS has. */
const HOST_LENGTH = 253;

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
  const named = hosts.slice(0, 5).map((host) => linkedText(host, HOST_LENGTH));
  return (
    <LinkNotice
      tone={consequence || hosts.length + origin.remarks.length > 0 ? 'warn' : 'info'}
      actions={[{ label: 'Put back what was here', run: origin.putBack }]}
    >
      <p>
        The link filled this request in; nothing has been sent.
        {consequence && ` Sending it ${consequence}.`}
        {hosts.length > 0 &&
          ` It names ${hosts.length === 1 ? 'the host' : 'the hosts'} ${named.join(', ')}${hosts.length > 5 ? ` and ${hosts.length - 5} more` : ''}.`}
        {consequence && ' Read it first.'}
      </p>
      <Remarks remarks={origin.remarks} />
    </LinkNotice>
  );
}
