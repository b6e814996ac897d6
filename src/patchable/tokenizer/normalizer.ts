/** The first normalizer: every text passes it before the stages of tokenizer.json. As it comes with the workbench it changes nothing. */
import type { TextNormalizer } from '../../engine/text/text-normalizer.ts';

export const about = { name: 'none', rule: 'The text stays as it is.' };

const normalize: TextNormalizer = (text) => text;

export default normalize;
