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
      text: `RESTful mode is off; every call goes direct. ${reason ?? ''}`,
      action: softReload,
    });
  }
  notices.push(...notKept(refused));
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

const REFUSED: Record<Refusal['why'], (what: string) => string> = {
  denied: (what) =>
    `The browser keeps nothing for this site: ${what} last until the page is closed or reloaded. Allow it cookies and site data to keep them.`,
  full: (what) =>
    `The browser's storage for this site is full: the latest ${what} last until the page is closed or reloaded. Free space, and what is written next is kept.`,
};

/** One notice for each reason, whatever there is that is not kept. */
function notKept(refused: readonly Refusal[]): Notice[] {
  return (['denied', 'full'] as const).flatMap((why) => {
    const what = refused.filter((each) => each.why === why).map((each) => each.what);
    return what.length > 0 ? [{ key: `not-kept:${why}`, tone: 'warn', text: REFUSED[why](listed(what)) }] : [];
  });
}

const listed = (words: readonly string[]): string => words.join(', ').replace(/, ([^,]*)$/, ' and $1');
