/** What a person is told of the transports' health, and what they can do about it. */
import type { Refusal } from '../../environment/refusals.ts';
import type { Health } from '../kit/client-context.tsx';

export interface Notice {
  /** A notice put away stays away until its key changes. */
  key: string;
  tone: 'info' | 'warn' | 'bad';
  text: string;
  action?: { label: string; run: () => void };
}

const softReload = { label: 'Reload', run: () => location.reload() };

export function noticesFor(
  { worker, restful, reason, revived, streamingBody }: Health,
  restart: () => void,
  refused: readonly Refusal[] = [],
): Notice[] {
  const notices: Notice[] = [];
  const denied = whatIs('denied', refused);
  if (worker === 'failed') {
    notices.push({
      key: `worker:${reason}`,
      tone: 'bad',
      text: `${reason ?? 'The engine worker has stopped.'} No call is answered until it runs again; weights are loaded anew.`,
      action: { label: 'Restart worker', run: restart },
    });
  } else if (restful === 'unavailable') {
    notices.push({
      key: `restful:${reason}`,
      tone: 'warn',
      text: ['RESTful mode is off; every call goes direct.', reason, denied && keptHere(denied)].filter(Boolean).join(' '),
      // Where the address is the reason a reload changes nothing.
      ...(globalThis.isSecureContext !== false && { action: softReload }),
    });
  }
  const full = whatIs('full', refused);
  if (denied && !notices.some(({ key }) => key.startsWith('restful:')))
    notices.push({ key: 'denied', tone: 'warn', text: `The browser keeps nothing for this site. ${keptHere(denied)}` });
  if (full)
    notices.push({
      key: 'full',
      tone: 'warn',
      text: `The browser's storage for this site is full. ${keptHere(`the latest ${full}`)} Free space, and what is written next is kept.`,
    });
  if (revived > 0) {
    notices.push({
      key: `revived:${revived}`,
      tone: 'info',
      text: 'The browser had stopped the service worker while this tab was hidden. It was started again and the call repeated; nothing was lost.',
    });
  }
  if (worker === 'ready' && !streamingBody) {
    notices.push({
      key: 'buffering',
      tone: 'info',
      text: 'This browser buffers streams behind a service worker: over REST the events come all at the end. Direct mode shows them as they are made.',
    });
  }
  return notices;
}

/** "Patches and plans", or nothing. */
const whatIs = (why: Refusal['why'], refused: readonly Refusal[]): string =>
  refused
    .filter((each) => each.why === why)
    .map(({ what }) => what)
    .join(', ')
    .replace(/, ([^,]*)$/, ' and $1');

const keptHere = (what: string): string => `${what.charAt(0).toUpperCase()}${what.slice(1)} last until the page is closed or reloaded.`;
