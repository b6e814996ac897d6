/** Loads a command through Vite, since they import the TypeScript sources and not every supported Node reads those, and runs its `main`. */
import { runnerImport } from 'vite';
import { findChromium } from '../../scripts/browser.mjs';
import { writeBuiltIns } from '../../scripts/built-ins.mjs';

const conditions = ['node', 'import', 'module', 'default'];

/** @param {string} file */
export async function runMain(file) {
  writeBuiltIns();
  // Found here: Vite's runner is closed by the time `main` runs, and takes no further imports.
  process.env.CHROMIUM_PATH = (await findChromium()).path;
  const { main } = (
    await runnerImport(file, { configFile: false, logLevel: 'error', resolve: { conditions }, ssr: { resolve: { conditions } } })
  ).module;
  process.exit(await main(process.argv.slice(2)));
}
