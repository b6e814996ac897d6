/**
 * All that WebKit writes to its console, of page, worker and service worker: its driver tells nothing of that, and keeps silent what a
 * browser under it would print. So the browser runs here without one, over a page that goes through the views by itself.
 */
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findMiniBrowser, findWebKit } from '../../scripts/browser.mjs';
import { serve } from '../../scripts/serve.mjs';
import { VIEWS } from '../views.ts';
import { ended } from './process.ts';
import { expect, test } from './support.ts';
import { startScreen } from './webdriver.ts';

/** The third load is the first whose files the browser asks the service worker for anew. */
const LOADS = 3;
const WALK_MS = 200_000;
/**
 * The walk's own lines, and two of WebKit's that a page can't keep it from. MSW asks for the service worker's script anew, and in an isolated
 * page WebKit refuses one from a host that sends no headers: the one that runs goes on, and a navigation asks for it without that rule. And
 * a reload cuts the calls whose price is being measured, which WebKit tells in the same words.
 */
const EXPECTED =
  /CONSOLE INFO walk \d of \d, ready$|CONSOLE JS ERROR (Fetch API cannot load \S+\/api\/|Cannot load \S+\/)\S+ due to access control checks\.$/;

test('WebKit writes nothing of its own to the console', async ({ engine }) => {
  test.setTimeout(WALK_MS + 30_000);
  test.skip(engine !== 'webkit', 'the other browsers tell their console to the test');
  const webkit = findWebKit();
  const browser = findMiniBrowser();
  test.skip(!browser || 'missing' in webkit, 'WebKitGTK is here without its MiniBrowser');
  const folder = await mkdtemp(join(tmpdir(), 'walk-'));
  await cp('dist', join(folder, 'site'), { recursive: true });
  await cp('e2e/browsers/walk.js', join(folder, 'site/walk.js'));
  const page = join(folder, 'site/index.html');
  const walk = JSON.stringify({ views: VIEWS, loads: LOADS });
  await writeFile(page, (await readFile(page, 'utf8')).replace('</head>', `<script src="walk.js" data-walk='${walk}'></script></head>`));
  const site = await serve({ dir: join(folder, 'site') });
  const screen = await startScreen((webkit as { xvfb: string }).xvfb);
  const env = { ...process.env, DISPLAY: screen.display, XDG_DATA_HOME: join(folder, 'data'), XDG_CACHE_HOME: join(folder, 'cache') };
  const child = spawn(browser!, ['--enable-write-console-messages-to-stdout=true', site.url], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let written = '';
  child.stderr.on('data', (chunk: Buffer) => (written += chunk.toString('utf8')));
  try {
    const end = `walk ${LOADS} of ${LOADS}`;
    await expect.poll(() => written.includes(end), { timeout: WALK_MS, message: 'the walk comes to its end' }).toBe(true);
    const lines = written.split('\n').filter((line) => line.includes('CONSOLE'));
    const complaints = new Set(lines.filter((line) => !EXPECTED.test(line)));
    expect([...complaints]).toEqual([]);
  } finally {
    child.kill();
    await ended(child);
    await screen.close();
    site.close();
    // The browser may write to it until its last process has gone.
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});
