/**
 * Writes the index of what came with the workbench: which policies, eviction rules, fragments, samplers, normalizers and kernels lie in
 * src/patchable, their names and rules, their modules and their texts.
 *
 * Why a script: the file that a person reads is the file that runs, so its text is needed at run time, in the browser as in plain Node, where
 * neither `?raw` nor `import.meta.glob` is known; and the contract, which the page loads too, wants the names without the sources. What is
 * written is ordinary TypeScript, so that types, lint, tests, bundler and Node read it like any other module. It is made of what lies there and
 * not kept in git: adding a built-in is adding its file. Whatever reads it writes it first, since nothing runs at installation (`.npmrc`): the type
 * check, all tests and benchmarks, the build, and the development server, which follows the files as they change.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../src/', import.meta.url));
const OUT = 'patchable/generated';

/**
 * The kinds: where their files lie below src/patchable, and which of them comes first, being the one that is active unless someone chooses.
 * @type {Record<string, { folder: string, files?: RegExp, first?: string }>}
 */
const KINDS = {
  policy: { folder: 'scheduler', first: 'fcfs' },
  eviction: { folder: 'memory', first: 'lru' },
  attention: { folder: 'model', files: /^attention\./ },
  mlp: { folder: 'model', files: /^mlp\./ },
  norm: { folder: 'model', files: /^norm\./ },
  position: { folder: 'model', files: /^position\./ },
  sampler: { folder: 'sampler', first: 'default' },
  normalizer: { folder: 'tokenizer', first: 'none' },
  kernel: { folder: 'kernels' },
};

/**
 * The modules whose types a patch may use, as it names them from where the built-in file lies, and the files that declare these.
 * @type {Record<string, string[]>}
 */
const DECLARED = {
  'engine/graph/index.ts': [
    ...['value', 'onnx-model', 'rope', 'config', 'errors', 'graph-core', 'elementwise-ops', 'tensor-ops', 'graph', 'attention-inputs'],
    'fragments',
  ].map((name) => `engine/graph/${name}.ts`),
  'engine/policy.ts': ['engine/policy.ts'],
  'engine/eviction.ts': ['engine/eviction.ts'],
  'engine/sampler.ts': ['engine/sequence.ts', 'engine/sampler.ts'],
  'engine/text/text-normalizer.ts': ['engine/text/text-normalizer.ts'],
};

/** What else is shown. */
const OTHER_TEXTS = ['patchable/attention.reference.ts'];

/** `const reference = …` at the top level of a kernel, with the comment before it. */
const REFERENCE = /(?:\/\*\*(?:(?!\*\/)[^])*\*\/\n)?const reference\b[^]*?\n};\n/;

/** @param {string} path */
const read = (path) => readFileSync(join(ROOT, path), 'utf8');

/** @typedef {{ kind: string, path: string, name: string, rule: string, text: string }} BuiltIn */

/**
 * @param {string} kind
 * @returns {BuiltIn[]} the first one first, the others by name
 * @throws Error for a file that does not say its name and rule
 */
function builtInsOf(kind) {
  const { folder, files = /^/, first } = /** @type {(typeof KINDS)[string]} */ (KINDS[kind]);
  const found = readdirSync(join(ROOT, 'patchable', folder))
    .filter((file) => files.test(file) && /^[\w.-]+\.ts$/.test(file) && !/(^index|\.test)\.ts$/.test(file))
    .map((file) => {
      const path = `patchable/${folder}/${file}`;
      const text = read(path);
      return { kind, path, name: said(text, 'name', path), rule: said(text, 'rule', path), text };
    });
  for (const { name, path } of found) {
    const other = found.find((each) => each.name === name && each.path !== path);
    if (other) throw new Error(`src/${path} and src/${other.path} are both called "${name}".`);
  }
  const rank = (/** @type {BuiltIn} */ { name }) => (name === first ? 0 : 1);
  return found.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

/** What a file says of itself: `name: 'fcfs',` and `rule: '…',`. @param {string} text @param {string} field @param {string} path */
function said(text, field, path) {
  const [, value] = new RegExp(`\\b${field}:\\s+'([^'\\\\]+)'`).exec(text) ?? [];
  if (value === undefined) throw new Error(`src/${path} does not say its ${field}: it needs \`${field}: '…'\`, as the files beside it.`);
  return value;
}

/** @param {string} path */
const identifierOf = (path) => path.replace(/^patchable\//, '').replaceAll(/\W/g, '_');
const shown = (/** @type {unknown} */ value) => JSON.stringify(value);

/** @param {string} name @param {Record<string, unknown>} values */
const record = (name, values) =>
  `export const ${name} = {\n${Object.entries(values)
    .map(([key, value]) => `  ${shown(key)}: ${shown(value)},\n`)
    .join('')}} as const;\n`;

/** @returns {Record<string, string>} by file name */
function index() {
  const kinds = Object.keys(KINDS).map((kind) => ({ kind, all: builtInsOf(kind) }));
  const every = kinds.flatMap(({ all }) => all);
  const note = (/** @type {string} */ why) => `/** ${why} Written by scripts/built-ins.mjs from what lies in src/patchable. */\n`;
  const rules = kinds.map(({ kind, all }) => record(kind, Object.fromEntries(all.map(({ name, rule }) => [name, rule]))));
  const modules = kinds.map(({ kind, all }) => {
    const items = all.map(({ name, path }) => `  { name: ${shown(name)}, path: ${shown(path)}, module: ${identifierOf(path)} },\n`);
    return `export const ${kind} = [\n${items.join('')}] as const;\n`;
  });
  const imports = every.map(({ path }) => `import * as ${identifierOf(path)} from '../${path.replace(/^patchable\//, '')}';\n`);
  const isShown = (/** @type {BuiltIn} */ { kind }) => kind !== 'kernel';
  const texts = [...new Set([...every.filter(isShown).map(({ path }) => path), ...Object.values(DECLARED).flat(), ...OTHER_TEXTS])];
  const references = every.flatMap(({ kind, name, text }) => (kind === 'kernel' ? [[name, REFERENCE.exec(text)?.[0] ?? null]] : []));
  return {
    'rules.ts': note('The rule of every built-in by its name, by kind: without the sources, for the contract.') + rules.join(''),
    'modules.ts': note('Every built-in, by kind.') + imports.join('') + modules.join(''),
    'texts.ts':
      note('What a person reads, as text.') +
      '/** Files, by their path below src. */\n' +
      record('TEXTS', Object.fromEntries(texts.map((path) => [path, read(path)]))) +
      '/** The part of a kernel’s file that is its reference, by its name; `null`: it takes that of another. */\n' +
      record('REFERENCES', Object.fromEntries(references)) +
      '/** The files that declare the types of a module, by the module’s path. */\n' +
      record('DECLARED', DECLARED),
  };
}

/** Writes what has changed. @returns {string[]} the files that were written */
export function writeBuiltIns() {
  const folder = join(ROOT, OUT);
  mkdirSync(folder, { recursive: true });
  return Object.entries(index())
    .filter(([file, text]) => textAt(join(folder, file)) !== text)
    .map(([file, text]) => {
      // In one piece: another process may be reading.
      const draft = join(folder, `.${file}.${process.pid}`);
      writeFileSync(draft, text);
      renameSync(draft, join(folder, file));
      return file;
    });
}

/** @param {string} path */
function textAt(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** For Vite and Vitest: the index is there before anything is read, and follows the files. @returns {import('vite').Plugin} */
export function builtIns() {
  const isSource = (/** @type {string} */ path) => /\/src\/(?:patchable|engine)\/.*\.ts$/.test(path) && !path.includes(`/${OUT}/`);
  // At once, for whoever reads a configuration and runs no hook of it.
  writeBuiltIns();
  return {
    name: 'glassbox-built-ins',
    configureServer({ watcher, config }) {
      watcher.on('all', (_, path) => {
        if (!isSource(path.replaceAll('\\', '/'))) return;
        try {
          writeBuiltIns();
        } catch (error) {
          // Half written as yet; the next change may mend it.
          config.logger.error(String(error));
        }
      });
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeBuiltIns();
