/** The initial JavaScript stays small: what the page loads before Monaco, charts and the runtime's wasm, gzipped. */
import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMIT_KB = 300;
const assets = new Set(readdirSync('dist/assets'));
const html = readFileSync('dist/index.html', 'utf8');

/** Static imports of a chunk, by file name. @param {string} file @returns {string[]} */
const staticImports = (file) =>
  [
    ...readFileSync(`dist/assets/${file}`, 'utf8').matchAll(
      /(?:^|[;}\s])(?:import|export)\s*(?:[\w*{}\s,$]+?\s*from\s*)?["']\.\/([\w.-]+\.js)["']/g,
    ),
  ].map((match) => /** @type {string} */ (match[1]));

/** A chunk with everything it imports statically. @param {Iterable<string>} entries */
function closure(entries) {
  const seen = new Set();
  const visit = (/** @type {string} */ file) => {
    if (seen.has(file) || !assets.has(file)) return;
    seen.add(file);
    for (const next of staticImports(file)) visit(next);
  };
  for (const entry of entries) visit(entry);
  return seen;
}

/** In kB. @param {string} file */
const gzipped = (file) => gzipSync(readFileSync(`dist/assets/${file}`)).length / 1000;

const scripts = [...html.matchAll(/(?:src|href)="\.\/assets\/([\w.-]+\.js)"/g)].map((match) => /** @type {string} */ (match[1]));
// The RESTful transport is loaded with the page, though after the first paint.
const eager = [...assets].filter((file) => /^intercept-.*\.js$/.test(file));
const initial = closure([...scripts, ...eager]);
if (scripts.length === 0) throw new Error('dist/index.html loads no script: the size check has nothing to measure.');

let total = 0;
for (const file of initial) {
  const size = gzipped(file);
  total += size;
  console.info(`${size.toFixed(1).padStart(8)} kB  ${file}`);
}
for (const file of assets)
  if (/^((candidate-)?worker|workbench)-/.test(file)) console.info(`(${file}, beside the page: ${gzipped(file).toFixed(1)} kB)`);
console.info(`${total.toFixed(1)} kB of initial JavaScript, gzipped; the limit is ${LIMIT_KB} kB`);
if (total > LIMIT_KB) process.exit(1);
