/** The built site to measure: `dist/`, built anew when the sources are newer, as `npm start` decides it. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = ['src', 'public', 'examples', 'index.html', 'vite.config.ts', 'package-lock.json'];

/** @param given a folder that is taken as it is */
export function builtSite(given: string | undefined): string {
  if (given !== undefined) {
    if (!existsSync(join(given, 'index.html'))) throw new Error(`There is no built site in ${given}.`);
    return given;
  }
  const built = existsSync('dist/index.html') ? statSync('dist/index.html').mtimeMs : 0;
  if (Math.max(...SOURCES.filter((path) => existsSync(path)).map(newest)) > built) {
    console.info('Building …');
    execFileSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'], { stdio: 'inherit' });
  }
  return 'dist';
}

function newest(path: string): number {
  const stat = statSync(path);
  return stat.isDirectory() ? Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name)))) : stat.mtimeMs;
}
