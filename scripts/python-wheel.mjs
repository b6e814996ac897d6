/**
 * Makes the wheel of the package in `python/`: a zip of its files and three of metadata, the same bytes from the same files, so that the site's
 * hashes say when it changed. `pip install` takes it, and so does the Python of the page.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateRawSync } from 'node:zlib';
import { writeSnapshot } from './python-snapshot.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PACKAGE = join(ROOT, 'python');
/** Where it lies until the site is made. */
const OUT = join(ROOT, 'src/services/code/python/generated/glassbox.whl');

/** @param {string} name of a field in the table `project` */
function project(name) {
  const value = new RegExp(`^${name} = "(.*)"$`, 'm').exec(readFileSync(join(PACKAGE, 'pyproject.toml'), 'utf8'))?.[1];
  if (value === undefined) throw new Error(`python/pyproject.toml has no line ${name} = "…".`);
  return value;
}

/** By the rules of wheels: name, version, any Python 3, any machine. */
export const wheelName = () => `${project('name')}-${project('version')}-py3-none-any.whl`;

/** @returns {Buffer} */
export function wheel() {
  const [name, version] = [project('name'), project('version')];
  const info = `${name}-${version}.dist-info`;
  const folder = join(PACKAGE, 'src', name);
  /** @type {[string, Buffer][]} */
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.(py|typed)$/.test(path))
    .sort()
    .map((path) => [`${name}/${path}`, readFileSync(join(folder, path))]);
  const metadata = [
    'Metadata-Version: 2.1',
    `Name: ${name}`,
    `Version: ${version}`,
    `Summary: ${project('description')}`,
    `Requires-Python: ${project('requires-python')}`,
    'Description-Content-Type: text/markdown',
    '',
    readFileSync(join(PACKAGE, 'README.md'), 'utf8'),
  ].join('\n');
  files.push([`${info}/METADATA`, Buffer.from(metadata)]);
  files.push([`${info}/WHEEL`, Buffer.from('Wheel-Version: 1.0\nGenerator: glassbox\nRoot-Is-Purelib: true\nTag: py3-none-any\n')]);
  const record = files.map(([path, data]) => `${path},sha256=${createHash('sha256').update(data).digest('base64url')},${data.length}\n`);
  files.push([`${info}/RECORD`, Buffer.from(`${record.join('')}${info}/RECORD,,\n`)]);
  return zip(files);
}

/** Of 1 January 1980, the first day that a zip knows. @param {readonly [string, Buffer][]} files */
function zip(files) {
  const [bodies, entries] = [/** @type {Buffer[]} */ ([]), /** @type {Buffer[]} */ ([])];
  let offset = 0;
  for (const [path, data] of files) {
    const [name, packed] = [Buffer.from(path), deflateRawSync(data, { level: 9 })];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(name.length, 22);
    bodies.push(Buffer.from('PK\x03\x04', 'latin1'), common, name, packed);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((0o100644 << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    // Made by Unix, so that the rights in it count.
    entries.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, tail, name);
    offset += 4 + common.length + name.length + packed.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, directory, end]);
}

/** The wheel, and the memory of a Python that has it. */
export function writePython() {
  const bytes = wheel();
  if (!isThere(bytes)) {
    mkdirSync(dirname(OUT), { recursive: true });
    // In one piece: another process may be reading.
    writeFileSync(`${OUT}.${process.pid}`, bytes);
    renameSync(`${OUT}.${process.pid}`, OUT);
  }
  writeSnapshot(OUT);
}

/** @param {Buffer} bytes */
function isThere(bytes) {
  try {
    return readFileSync(OUT).equals(bytes);
  } catch {
    return false;
  }
}

/** For Vite and Vitest: both are there before anything is read, and the wheel lies in the site under its own name. @returns {import('vite').Plugin} */
export function pythonPackage() {
  writePython();
  return {
    name: 'glassbox-python-package',
    configureServer({ watcher, config }) {
      watcher.on('all', (_, path) => {
        if (!/\/python\/.*\.(py|toml|md)$/.test(path.replaceAll('\\', '/'))) return;
        try {
          writePython();
        } catch (error) {
          // Half written as yet; the next change may mend it.
          config.logger.error(String(error));
        }
      });
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: `python/${wheelName()}`, source: wheel() });
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writePython();
