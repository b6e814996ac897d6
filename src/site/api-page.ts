/** The page at an address of the API that no workbench answers: what lies there, and the way to it. It runs nothing. */
import type { RouteSummary } from './build.ts';
import { TEXT_POLICY } from './headers.mjs';

export interface ApiPage {
  /** Below the site's folder: `api/model/info`. */
  path: string;
  /** The endpoints at this address. */
  routes: readonly RouteSummary[];
  /** From here to the site's folder, ending in `/`. */
  root: string;
  why: Why;
}

/** `a form`: a page sent one here, which is not handed on. */
type Why = 'nobody answers' | 'no answer in time' | 'other methods' | 'a form';

interface Saying {
  title: string;
  text: string;
}

const STYLE = `:root{color-scheme:light dark;--ink:#13201e;--quiet:#53625f;--accent:#0b6660;--paper:#f6f9f8}
@media(prefers-color-scheme:dark){:root{--ink:#e2e9e7;--quiet:#9aa8a4;--accent:#62cabf;--paper:#0c1110}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,sans-serif}
main{max-width:40rem;margin:12vh auto;padding:0 1.25rem}
h1{font-size:1.4rem;line-height:1.3}code{font-size:.95em;overflow-wrap:anywhere}p,li{color:var(--quiet)}
ul{padding:0;list-style:none}li{margin:.9rem 0}b{color:var(--ink)}a{color:var(--accent)}`;

export function apiPage({ path, routes, root, why }: ApiPage): string {
  const address = `<code>/${escape(path)}</code>`;
  const methods = [...new Set(routes.map(({ method }) => method))].join(' or ');
  const sayings: Record<Why, Saying> = {
    'other methods': {
      title: `This endpoint takes ${methods}`,
      text: `A browser opens an address with GET, and ${address} takes ${methods}. The workbench has a form for it, made from its schema.`,
    },
    'a form': {
      title: 'Nothing was changed',
      text: `A page sent a form to ${address}. Pages of any site can do that, without a click, so that no workbench is told of it: the API is for calls that pages of this site make. The workbench has forms of its own.`,
    },
    'no answer in time': {
      title: 'The workbench does not answer',
      text: `${address} is answered by an open tab of Glassbox. One is open, and gave no answer in time: it computes, or its code hangs. Its header says which, and offers a restart; then load this page again.`,
    },
    'nobody answers': {
      title: 'No workbench is open that could answer',
      text: `${address} is ${routes.length > 0 ? 'an endpoint' : 'below the API'} of Glassbox, a workbench for LLM inference that runs whole in a browser tab. There is no server behind this address: an open tab of the workbench answers it. Open one, then load this page again.`,
    },
  };
  const { title, text } = sayings[why];
  const items = routes.map(
    ({ method, path: at, operation, summary }) =>
      `<li><b>${method} ${escape(at)}</b><br>${escape(summary)}.<br><a href="${escape(root)}#/api/${operation}">Open it in the workbench</a></li>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${TEXT_POLICY}">
<link rel="icon" href="${escape(root)}icon.svg" type="image/svg+xml">
<title>${escape(path)} · Glassbox</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
<p>${text}</p>
${items.length > 0 ? `<ul>${items.join('')}</ul>` : `<p><a href="${escape(root)}#/api">Open the workbench at its API</a></p>`}
<p>The whole contract: <a href="${escape(root)}api/openapi.json">openapi.json</a></p>
</main>
</body>
</html>
`;
}

/** Those at an address; a `{parameter}` stands for any part. */
export const routesAt = (routes: readonly RouteSummary[], path: string): RouteSummary[] =>
  routes.filter((route) => new RegExp(`^api${route.path.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`).test(path));

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
