/** What a person is told of the transports' health, and what they can do about it. */
import { isOwnWork } from '../../environment/work.ts';
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
  { worker, failure, silence, starts, leftOut, restful, reason, revived, streamingBody, newVersion }: Health,
  restart: () => void,
  refused: readonly Refusal[] = [],
): Notice[] {
  const notices: Notice[] = [];
  const denied = whatIs('denied', refused);
  const restartAction = { label: 'Restart worker', run: restart };
  if (worker === 'failed') {
    notices.push({
      key: `worker:${failure}`,
      tone: 'bad',
      text: `${failure ?? 'The engine worker has stopped.'} No call is answered until it runs again; weights are loaded anew.`,
      action: restartAction,
    });
  } else if (silence && worker === 'ready' && !isOwnWork(silence.work)) {
    const what = silence.work ? `It is at work on ${silence.work.what}. ` : '';
    notices.push({
      key: `silent:${starts}:${silence.work?.what}`,
      tone: 'bad',
      text: `The engine worker does not answer, as in an endless loop. ${what}Wait if that may be a long computation; a restart ends it and every call under way, keeps what the page shows, and loads the weights anew.`,
      action: restartAction,
    });
  } else if (silence && silence.ms >= LONG_MS) {
    const what = silence.work?.what ?? 'its code, which is slow to come';
    notices.push({
      key: `busy:${starts}:${worker}`,
      tone: 'warn',
      text: `The engine worker is at work on ${what} and answers no call meanwhile. A restart ends it, and loads the weights anew.`,
      action: restartAction,
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
  for (const { id, title, revisionId, why, detail } of leftOut) {
    const patch = `the patch of ${title} (revision ${revisionId.slice(0, 8)})`;
    notices.push({
      key: `left-out:${id}@${revisionId}:${why}`,
      tone: 'warn',
      text: [
        why === 'model' ? `The loaded model is without ${patch}:` : `Started without ${patch}:`,
        ...[LEFT_OUT[why], detail],
        'The built-in version is active; the patch is kept in its revisions, from which it can be made active again.',
      ]
        .filter(Boolean)
        .join(' '),
      action: { label: 'Show it', run: () => (location.hash = `#/code/${id}`) },
    });
  }
  const full = whatIs('full', refused);
  if (denied && !notices.some(({ key }) => key.startsWith('restful:')))
    notices.push({ key: 'denied', tone: 'warn', text: `The browser keeps nothing for this site. ${keptHere(denied)}` });
  const newer = whatIs('newer', refused);
  if (newer)
    notices.push({
      key: 'newer',
      tone: 'warn',
      text: `What this browser keeps of ${newer} was written by a newer version of Glassbox, which this one can’t read. It stays as it is; what is written here lasts until the page is closed or reloaded. A reload may bring the newer version.`,
      action: softReload,
    });
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
  if (worker === 'ready' && restful === 'ready' && !streamingBody) {
    notices.push({
      key: 'buffering',
      tone: 'info',
      text: 'This browser buffers streams behind a service worker: over REST the events come all at the end. Direct mode shows them as they are made.',
    });
  }
  if (newVersion) {
    notices.push({
      key: 'version',
      tone: 'info',
      text: 'There is a new version of Glassbox. This tab goes on with the one it has; a reload brings the new one.',
      action: softReload,
    });
  }
  return notices;
}

const LEFT_OUT = {
  silent: 'it was at work when the engine worker stopped answering.',
  active: 'it was active when the engine worker stopped answering, and what that was at is not known.',
  again: 'twice it was active when the engine worker did not answer until it was ended, at the same work.',
  start: 'the last start with it was cut short.',
  failed: 'it could not be made active.',
  model: 'it does not fit that model.',
} as const;

/** A large model may take long, or a long text; beyond this it is worth a word. */
const LONG_MS = 20_000;

/** "Patches and plans", or nothing. */
const whatIs = (why: Refusal['why'], refused: readonly Refusal[]): string =>
  refused
    .filter((each) => each.why === why)
    .map(({ what }) => what)
    .join(', ')
    .replace(/, ([^,]*)$/, ' and $1');

const keptHere = (what: string): string => `${what.charAt(0).toUpperCase()}${what.slice(1)} last until the page is closed or reloaded.`;
