/** Finds a Chromium to test with, in the order that the README gives, and says which. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Flags for a browser without a screen, a sandbox for root, or a network of its own. */
export const chromiumArguments = [
  '--enable-unsafe-webgpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/** @returns {Promise<{ path: string, from: string }>} */
export async function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (!existsSync(named)) throw new Error(`CHROMIUM_PATH is ${named}, and there is no such file.`);
    return { path: named, from: 'CHROMIUM_PATH' };
  }
  const installed = INSTALLED.find((path) => existsSync(path));
  if (installed) return { path: installed, from: 'installed' };
  const { chromium } = await import('playwright');
  if (existsSync(chromium.executablePath())) return { path: chromium.executablePath(), from: "Playwright's own" };
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('No Chromium found: installing the Debian package.');
    const apt = (/** @type {string[]} */ ...args) =>
      execFileSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
    apt('update', '-qq');
    apt('install', '-y', '-qq', 'chromium');
    return { path: '/usr/bin/chromium', from: 'the Debian package, just installed' };
  }
  throw new Error('No Chromium or Chrome found. Install one, run `npx playwright install chromium`, or set CHROMIUM_PATH.');
}
