/** Finds the browsers to test with, in the order that the README gives, and says which; as root on Debian what is missing is installed. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

/** Flags for a browser without a screen, a sandbox for root, or a network of its own. */
export const chromiumArguments = [
  '--enable-unsafe-webgpu',
  // Code of the runtime is optimised for a page that lives on; one of a test lives some seconds, and opens sooner without.
  '--js-flags=--wasm-tiering-budget=1000000000',
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
  if (mayInstall()) {
    console.log('No Chromium found: installing the Debian package.');
    install('chromium');
    return { path: '/usr/bin/chromium', from: 'the Debian package, just installed' };
  }
  throw new Error('No Chromium or Chrome found. Install one, run `npx playwright install chromium`, or set CHROMIUM_PATH.');
}

/**
 * Firefox, from the version on that speaks WebDriver BiDi to the end; `missing` says why there is none and how to get it.
 * @returns {{ path: string } | { missing: string }}
 */
export function findFirefox() {
  const named = process.env.FIREFOX_PATH;
  if (named) return existsSync(named) ? { path: named } : { missing: `FIREFOX_PATH is ${named}, and there is no such file` };
  const places = [
    '/usr/bin/firefox-esr',
    '/usr/bin/firefox',
    '/Applications/Firefox.app/Contents/MacOS/firefox',
    'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
  ];
  const path = installed(places, 'firefox-esr');
  return path ? { path } : { missing: 'no Firefox is installed (Debian: firefox-esr; elsewhere set FIREFOX_PATH)' };
}

/**
 * WebKitGTK with its driver, and the display that it needs.
 * @returns {{ path: string, xvfb: string } | { missing: string }}
 */
export function findWebKit() {
  const path = installed(['/usr/bin/WebKitWebDriver'], 'webkit2gtk-driver');
  const xvfb = installed(['/usr/bin/Xvfb'], 'xvfb');
  return path && xvfb ? { path, xvfb } : { missing: 'no WebKitGTK driver is installed (Debian and Ubuntu: webkit2gtk-driver and xvfb)' };
}

/** The browser that WebKitGTK brings for its driver, which is wherever the distribution keeps such helpers. */
export function findMiniBrowser() {
  const versions = ['webkit2gtk-4.1', 'webkit2gtk-4.0', 'webkitgtk-6.0'];
  const folders = ['/usr/libexec', '/usr/lib', ...readdirSync('/usr/lib').map((name) => `/usr/lib/${name}`)];
  return folders.flatMap((folder) => versions.map((version) => `${folder}/${version}/MiniBrowser`)).find((path) => existsSync(path));
}

/**
 * The first of the places where there is a file, after an attempt to install the package when there is none.
 * @param {string[]} places @param {string} package_
 */
function installed(places, package_) {
  const find = () => places.find((path) => existsSync(path));
  if (!find() && mayInstall()) {
    console.log(`Installing the Debian package ${package_}.`);
    try {
      install(package_);
    } catch (error) {
      console.warn(`${package_} could not be installed: ${error instanceof Error ? error.message : error}`);
    }
  }
  return find();
}

function mayInstall() {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

/** @param {string} package_ */
function install(package_) {
  const apt = (/** @type {string[]} */ ...args) =>
    execFileSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  apt('update', '-qq');
  apt('install', '-y', '-qq', package_);
}
