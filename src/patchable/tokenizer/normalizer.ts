/** The first normalizer: every text passes it before the stages of tokenizer.json. As it comes with the workbench it changes nothing. */
import type { TextNormalizer } from '../../engine/text/text-normalizer.ts';

const normalize: TextNormalizer = (text) => text;

export default normalize;
