/** Serves the built site under a sub-path, as a static host would, and beside it folders of weights, some of them broken. */
import { existsSync } from 'node:fs';
import { serve } from '../scripts/serve.mjs';
import { serveWeights } from './weights-server.ts';

/** The first of the ports that the tests serve on; another one lets two checkouts be tested at once. */
const FIRST_PORT = Number(process.env.E2E_PORT ?? 4181);
export const SITE_PORT = FIRST_PORT;
export const WEIGHTS_PORT = FIRST_PORT + 1;
export const SITE_BASE = '/research/glassbox/';
export const SITE_URL = `http://localhost:${SITE_PORT}${SITE_BASE}`;
export const WEIGHTS_URL = `http://localhost:${WEIGHTS_PORT}/`;

export default async function start(): Promise<() => void> {
  if (!existsSync('dist/index.html')) throw new Error('There is no dist/: run `npm run build` first, or `npm test`, which does.');
  const site = await serve({ port: SITE_PORT, base: SITE_BASE });
  const weights = await serveWeights(WEIGHTS_PORT);
  return () => {
    site.close();
    weights.close();
  };
}
