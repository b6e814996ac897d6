/** `npm test`: everything that must hold, in the order in which it fails fastest. Stops at the first failure. */
import { spawn } from 'node:child_process';
import { writeBuiltIns } from './built-ins.mjs';
import { findChromium, findFirefox, findWebKit } from './browser.mjs';

const bin = (/** @type {string} */ name) => `node_modules/.bin/${name}`;
const browser = await findChromium();
const others = Object.entries({ Firefox: findFirefox(), WebKit: findWebKit() }).map(
  ([name, found]) => `${name}: ${'path' in found ? found.path : `LEFT OUT, ${found.missing}`}`,
);
console.info(`Chromium: ${browser.path} (${browser.from})\n${others.join('\n')}`);

/**
 * What stands in one row runs side by side. The tests take both cores each by itself.
 * @type {[name: string, command: string[]][][]}
 */
const rows = [
  [
    ['types', ['node', 'node_modules/typescript-7/bin/tsc', '-p', '.', '--noEmit']],
    ['lint', [bin('oxlint'), '--deny-warnings']],
    ['format', [bin('oxfmt'), '--check', '.']],
    ['arrows', [bin('depcruise'), 'src', '--config', '.dependency-cruiser.cjs']],
    ['unused code', [bin('knip')]],
  ],
  [['unit, property and golden tests', [bin('vitest'), 'run']]],
  [['build', [bin('vite'), 'build', '--logLevel', 'warn']]],
  [['size', ['node', 'scripts/size.mjs']]],
  [['conformance and end to end in Chromium', [bin('playwright'), 'test']]],
  [['journeys in the other browsers', [bin('playwright'), 'test', '-c', 'e2e/browsers']]],
];

writeBuiltIns();
const start = Date.now();
/** @type {string[]} */
const report = [];
for (const row of rows) {
  const statuses = await Promise.all(row.map(([name, command], i) => run(name, command, i > 0)));
  if (statuses.some((status) => status !== 0)) break;
}

/**
 * @param {boolean} isHeld its output is shown when it has ended, so that it doesn't run into another one's
 * @returns {Promise<number | null>} the exit status
 */
async function run(/** @type {string} */ name, /** @type {string[]} */ [command, ...args], isHeld) {
  const began = Date.now();
  if (!isHeld) console.info(`\n▸ ${name}`);
  const child = spawn(/** @type {string} */ (command), args, {
    stdio: isHeld ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    env: { ...process.env, CHROMIUM_PATH: browser.path },
  });
  /** @type {string[]} */
  const held = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => held.push(String(chunk)));
  const status = await new Promise((resolve) => child.on('close', resolve).on('error', () => resolve(null)));
  if (isHeld) console.info(`\n▸ ${name}\n${held.join('')}`);
  report.push(`${status === 0 ? 'passed' : 'FAILED'}  ${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${name}`);
  return status;
}
const passed = report.filter((line) => line.startsWith('passed')).length;
console.info(`\n${report.join('\n')}\n${((Date.now() - start) / 1000).toFixed(0)} s in all`);
console.info(others.join('\n'));
console.info(`steps: ${passed} passed, ${report.length - passed} failed`);
process.exit(passed === rows.flat().length ? 0 : 1);
