/** Vite plugin: writes beside the build, as licenses.md, whose packages it holds and on what terms; page, workers and service worker alike. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const FILES = /^(licen[cs]e|copying|notice|thirdpartynotices)(\.(md|txt))?$/i;
/** Copied into the site as they are, so that no bundle names them. */
const COPIED = ['msw'];

/** The folder of the package that a bundled module belongs to; undefined for modules of our own. @param {string} id */
export function packageFolder(id) {
  const path = id.replace(/^\0/, '').split('?')[0] ?? '';
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/.exec(path)?.[0];
}

/** One package's part of the document. @param {string} folder */
export function licenceSection(folder) {
  const { name, version, license, author, repository, homepage } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (!license) throw new Error(`${name} ${version} names no licence in its package.json: it can't be shipped before that is known.`);
  const source = String(repository?.url ?? repository ?? homepage ?? '').replace(/^git\+|\.git$/g, '');
  const texts = readdirSync(folder)
    .filter((file) => FILES.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  const by = typeof author === 'string' ? author : author?.name;
  // Some packages carry no text: the identifier stands for it, with its holder and its source.
  const terms =
    texts.length > 0 ? texts.join('\n\n') : `The terms of ${license}, as https://spdx.org/licenses/ has them${by ? `, ${by}` : ''}.`;
  return `## ${name} ${version}, ${license}\n\n${source ? `Source: ${source}\n\n` : ''}${terms}\n`;
}

/** @returns {{ page: import('vite').Plugin, worker: () => import('vite').Plugin }} */
export function licences() {
  /** @type {Set<string>} */
  const folders = new Set();
  const collect = (/** @type {import('vite').Rolldown.OutputBundle} */ bundle) => {
    for (const chunk of Object.values(bundle)) {
      const ids = chunk.type === 'chunk' ? chunk.moduleIds : chunk.originalFileNames;
      for (const id of ids) {
        const folder = packageFolder(id);
        if (folder) folders.add(resolve(folder));
      }
    }
  };
  return {
    worker: () => ({ name: 'glassbox-licences-of-workers', generateBundle: (_, bundle) => collect(bundle) }),
    page: {
      name: 'glassbox-licences',
      apply: 'build',
      // Workers are bundled while the page is: by now theirs are collected too.
      generateBundle(_, bundle) {
        collect(bundle);
        for (const name of COPIED) folders.add(resolve('node_modules', name));
        const sections = [...folders].filter((folder) => existsSync(join(folder, 'package.json'))).map(licenceSection);
        const own = readFileSync('LICENSE', 'utf8');
        this.emitFile({
          type: 'asset',
          fileName: 'licenses.md',
          source: `# Licences\n\n## Glassbox, MIT\n\n${own}\nThe default model and its training data: see models/default/README.md.\n\n${[...new Set(sections)].toSorted().join('\n')}`,
        });
      },
    },
  };
}
