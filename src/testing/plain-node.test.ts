/** Services, and what can be patched, need no bundler: plain Node imports every file of theirs, texts included. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Greets whoever started it as soon as it is read, which plain Node has no words for. */
const ENTRY = 'src/services/code/check/candidate-worker.ts';
const BUNDLED = 'src/ui/code/starters.ts';

const filesOf = (folder: string): string[] =>
  readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts') && !/\.test\.ts$|\/testing\//.test(path) && path !== ENTRY);

/** What Node says of the imports: nothing where all goes well. */
function imported(specifiers: readonly string[]): string {
  const script = `for (const each of ${JSON.stringify(specifiers)}) await import(each).catch((error) => console.log(each, String(error)));`;
  return execFileSync(process.execPath, ['--import', './src/testing/typescript-loader.mjs', '--input-type=module', '-e', script], {
    cwd: ROOT,
    encoding: 'utf8',
  });
}

test('every file of services, of what can be patched and of the ports', () => {
  const files = ['src/services', 'src/patchable', 'src/ports'].flatMap(filesOf);
  expect(files.length).toBeGreaterThan(150);
  // One that does need a bundler, to see that it is told.
  const told = imported([...files, BUNDLED].map((path) => `./${path}`));
  expect(told).toMatch(new RegExp(`^./${BUNDLED} TypeError: .*glob is not a function\n$`));
});
