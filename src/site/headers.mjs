/** The headers that the site wants, and the Content-Security-Policy of its pages: one definition for build, server and service worker. */

/**
 * Directive and sources. What is open beyond the site itself, and why:
 * - `unsafe-eval`: patches, scripts and Python fragments are source text that a person writes; `Function` makes code of it. WebAssembly
 *   (the runtime, Pyodide) is within it.
 * - `blob:` for scripts: threads of the runtime have their script from the page, which is no more than `unsafe-eval` allows.
 * - `unsafe-inline` for styles alone: Monaco and Mantine write style elements and attributes as they run.
 * - `http:` and `https:` for connections: weights come from any server that a person names, `data:` and `blob:` from the page itself.
 * - `data:` for images and fonts: Monaco's and Mantine's small pictures.
 */
const POLICY = {
  'default-src': ["'self'"],
  'script-src': ["'self'", "'unsafe-eval'", 'blob:'],
  'style-src': ["'self'", "'unsafe-inline'"],
  'connect-src': ["'self'", 'https:', 'http:', 'data:', 'blob:'],
  'img-src': ["'self'", 'data:', 'blob:'],
  'font-src': ["'self'", 'data:'],
  'worker-src': ["'self'", 'blob:'],
  'frame-src': ["'none'"],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
};

const text = (/** @type {Record<string, string[]>} */ policy) =>
  Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources.join(' ')}`)
    .join('; ');

/** For a `<meta>`: frames can't be ruled on there. */
export const PAGE_POLICY = text(POLICY);

/** A page that only tells something: it runs nothing. */
export const TEXT_POLICY = text({
  'default-src': ["'none'"],
  'style-src': ["'unsafe-inline'"],
  'img-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
});

/**
 * Of every response. COOP and COEP isolate the page, so that WebAssembly may use threads; `require-corp` and not `credentialless`, which
 * WebKit does not know: what comes from elsewhere is fetched with CORS, for which the two are the same.
 */
export const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': text({ ...POLICY, 'frame-ancestors': ["'self'"] }),
  'X-Content-Type-Options': 'nosniff',
};
