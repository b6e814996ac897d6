/** `npm run bridge`. */
import { runMain } from '../bench/load.mjs';

await runMain('./e2e/bridge/main.ts');
