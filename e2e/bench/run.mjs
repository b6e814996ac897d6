/** `npm run bench`: loads the benchmarks through Vite, since they import the TypeScript sources and not every supported Node reads those. */
import { runnerImport } from 'vite';

const conditions = ['node', 'import', 'module', 'default'];
/** @type {typeof import('./main.ts')} */
const { main } = (
  await runnerImport('./e2e/bench/main.ts', {
    configFile: false,
    logLevel: 'error',
    resolve: { conditions },
    ssr: { resolve: { conditions } },
  })
).module;
process.exit(await main(process.argv.slice(2)));
