/** `npm run soak`. */
import { runMain } from '../bench/load.mjs';

await runMain('./e2e/soak/main.ts');
