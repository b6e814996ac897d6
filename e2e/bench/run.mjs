/** `npm run bench`. */
import { runMain } from './load.mjs';

await runMain('./e2e/bench/main.ts');
