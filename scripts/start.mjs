/** `npm start`: builds when the sources are newer than the build, serves, says where, and opens a browser where there is one. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { serve } from './serve.mjs';

/** @param {string} path @returns {number} */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const built = existsSync('dist/index.html') ? statSync('dist/index.html').mtimeMs : 0;
const sources = ['src', 'public', 'examples', 'index.html', 'vite.config.ts', 'package-lock.json'].filter((path) => existsSync(path));
if (Math.max(...sources.map(newest)) > built) {
  console.log('Building …');
  execFileSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'], { stdio: 'inherit' });
}

const wanted = Number(process.env.PORT ?? 4173);
const { url } = await serve({ port: wanted, headers: true }).catch(() => serve({ port: 0, headers: true }));
console.log(`Glassbox is at ${url}`);

const opener = { darwin: 'open', win32: 'explorer' }[/** @type {string} */ (process.platform)] ?? 'xdg-open';
const hasScreen = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
if (hasScreen && process.stdout.isTTY && !process.env.CI) spawn(opener, [url], { stdio: 'ignore', detached: true }).on('error', () => {});
