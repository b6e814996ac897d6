/**
 * Requests below `api`: an open tab of the workbench answers them, by way of MSW.
 *
 * MSW keeps in memory which tabs take part, and forgets it when the browser stops the service worker or a new version takes its place; it
 * answers no navigation, and no tab but the one that asks. What it would leave to the static host is answered here: the tabs are asked
 * again, and where none is open the answer says so.
 */
import { API_PREFIX } from '../transport/rest/app-prefix.ts';
import { newId } from '../environment/ids.ts';
import { type ApiPage, apiPage, routesAt } from '../site/api-page.ts';
import type { Build } from '../site/build.ts';
import { ask } from '../site/messages.ts';
import { isPage, type OwnFiles } from './own-files.ts';
import { base, type FetchEvent, pathOf, scope, type WindowClient } from './scope.ts';

/** Globals of mockServiceWorker.js, a classic script. */
declare const activeClientIds: Set<string>;
declare function getResponse(
  event: { request: Request },
  client: WindowClient,
  requestId: string,
  interceptedAt: number,
): Promise<Response>;

/** A tab that is visible answers in a few milliseconds; one that the browser froze never does. */
const ANSWER_MS = 1000;
/** How long a new version waits for the work of the old one. */
const QUIET_MS = 60_000;
/** How long the host may take where nobody else answers. */
const HOST_MS = 4000;
/** How long an address opened in a tab waits for its answer. */
const NAVIGATION_MS = 15_000;
/** How long a workbench that calls its own API while it starts is waited for. */
const START_MS = 8000;

/** Whether MSW answers it by itself. */
export const isMswsOwn = ({ request, clientId }: FetchEvent): boolean => request.mode !== 'navigate' && activeClientIds.has(clientId);

export async function answerApi({ request, clientId, resultingClientId }: FetchEvent, build: Build, files: OwnFiles): Promise<Response> {
  const isNavigation = request.mode === 'navigate';
  // A page of any site can send a form here, and no click is needed: what changes something is called by the pages of this site alone.
  if (isNavigation && request.method !== 'GET' && request.method !== 'HEAD') return page(request, build, 'a form', 405);
  const tab = await answeringTab(clientId, resultingClientId);
  if (!tab) return isNavigation ? unansweredPage(request, build, files) : unanswered();
  // A page can't make a request that navigates out of what it is told: this one is the same without that.
  const plain = new Request(request.url, {
    method: request.method,
    headers: request.headers,
    ...(request.method !== 'GET' && request.method !== 'HEAD' && { body: await request.arrayBuffer() }),
  });
  const answer = getResponse({ request: plain }, tab, newId(), Date.now());
  if (!isNavigation) return answer;
  // A tab that a person looks at must show something, whatever becomes of the one that answers.
  const response = await Promise.race([answer.then(whole), new Promise<null>((resolve) => setTimeout(() => resolve(null), NAVIGATION_MS))]);
  if (!response) return unansweredPage(request, build, files, 'no answer in time');
  return response.status === 405 ? page(request, build, 'other methods', 405) : response;
}

/**
 * The tab that answers may be the one that is left for this address: it ends when the answer begins, and what it had not sent by then would
 * never come. An event stream has no end to wait for.
 */
async function whole(response: Response): Promise<Response> {
  if (!response.body || response.headers.get('content-type')?.startsWith('text/event-stream')) return response;
  return new Response(await response.arrayBuffer(), response);
}

/** When no tab has a request under way through the service worker before this one, or after some time all the same. */
export async function workIsDone(): Promise<void> {
  if (!scope.registration.active) return;
  const tabs = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
  await Promise.all(tabs.map(async (tab) => (await ask(tab, 'serving', ANSWER_MS)) && ask(tab, 'quiet', QUIET_MS)));
}

/** The tab that asks, where it is a workbench; else one that is open, a visible one first. */
async function answeringTab(asking: string, opening: string): Promise<WindowClient | null> {
  const tabs = (await scope.clients.matchAll({ type: 'window' })).filter(({ id }) => id !== opening);
  const self = tabs.find(({ id }) => id === asking);
  if (self && (await serves(self, isWorkbench(self) ? START_MS : ANSWER_MS))) return self;
  const others = tabs.filter((tab) => tab !== self).toSorted((a, b) => Number(isVisible(b)) - Number(isVisible(a)));
  const serving = await Promise.all(others.map((tab) => serves(tab, ANSWER_MS)));
  return others.find((_, i) => serving[i]) ?? null;
}

async function serves(tab: WindowClient, limitMs: number): Promise<boolean> {
  for (const end = Date.now() + limitMs; Date.now() < end;) {
    if (await ask(tab, 'serving', ANSWER_MS)) {
      activeClientIds.add(tab.id);
      return true;
    }
  }
  return false;
}

const isVisible = ({ visibilityState }: WindowClient): boolean => visibilityState === 'visible';
const isWorkbench = ({ url }: WindowClient): boolean => isPage(pathOf(url));

/** The host may have a page or the contract there; if not, one is made. Its page says that no workbench is open, which is not so where one is late. */
async function unansweredPage(
  request: Request,
  build: Build,
  files: OwnFiles,
  why: 'nobody answers' | 'no answer in time' = 'nobody answers',
): Promise<Response> {
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), HOST_MS));
  const response = await Promise.race([fetch(request).catch(() => null), late]);
  const found = response && (response.ok || response.type === 'opaqueredirect') ? response : await files.kept(pathOf(request.url));
  return found && (why === 'nobody answers' || isJson(found)) ? found : page(request, build, why, 503);
}

const isJson = ({ headers }: Response): boolean => headers.get('content-type')?.startsWith('application/json') ?? false;

function page(request: Request, build: Build, why: ApiPage['why'], status: number): Response {
  const path = pathOf(request.url);
  const text = apiPage({ path, routes: routesAt(build.routes, path), root: base.pathname, why });
  return new Response(text, { status, headers: { 'content-type': 'text/html; charset=utf-8' } });
}

function unanswered(): Response {
  const problem = {
    type: 'about:blank',
    title: 'No workbench answers',
    status: 503,
    detail: `${base.pathname.slice(0, -1)}${API_PREFIX} is answered by an open tab of the workbench, and none is open or answers. Open ${base.href} and call again.`,
  };
  return new Response(JSON.stringify(problem), { status: 503, headers: { 'content-type': 'application/problem+json' } });
}
