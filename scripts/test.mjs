/** `npm test`: everything that must hold, in the order in which it fails fastest. Stops at the first failure. */
import { spawnSync } from 'node:child_process';
import { findChromium, findFirefox, findWebKit } from './browser.mjs';

const bin = (/** @type {string} */ name) => `node_modules/.bin/${name}`;
const browser = await findChromium();
const others = Object.entries({ Firefox: findFirefox(), WebKit: findWebKit() }).map(
  ([name, found]) => `${name}: ${'path' in found ? found.path : `LEFT OUT, ${found.missing}`}`,
);
console.info(`Chromium: ${browser.path} (${browser.from})\n${others.join('\n')}`);

/** @type {[name: string, command: string[]][]} */
const steps = [
  ['types', ['node', 'node_modules/typescript-7/bin/tsc', '-p', '.', '--noEmit']],
  ['lint', [bin('oxlint'), '--deny-warnings']],
  ['format', [bin('oxfmt'), '--check', '.']],
  ['arrows', [bin('depcruise'), 'src', '--config', '.dependency-cruiser.cjs']],
  ['unused code', [bin('knip')]],
  ['unit, property and golden tests', [bin('vitest'), 'run']],
  ['build', [bin('vite'), 'build', '--logLevel', 'warn']],
  ['size', ['node', 'scripts/size.mjs']],
  ['conformance and end to end in Chromium', [bin('playwright'), 'test']],
  ['journeys in Chromium, Firefox and WebKit', [bin('playwright'), 'test', '-c', 'e2e/browsers']],
];

const start = Date.now();
const report = [];
for (const [name, [command, ...args]] of steps) {
  const began = Date.now();
  console.info(`\n▸ ${name}`);
  const { status } = spawnSync(/** @type {string} */ (command), args, {
    stdio: 'inherit',
    env: { ...process.env, CHROMIUM_PATH: browser.path },
  });
  report.push(`${status === 0 ? 'passed' : 'FAILED'}  ${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${name}`);
  if (status !== 0) break;
}
const passed = report.filter((line) => line.startsWith('passed')).length;
console.info(`\n${report.join('\n')}\n${((Date.now() - start) / 1000).toFixed(0)} s in all`);
console.info(others.join('\n'));
console.info(`steps: ${passed} passed, ${report.length - passed} failed`);
process.exit(passed === steps.length ? 0 : 1);
