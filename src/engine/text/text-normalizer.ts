/** The normalizer that a person can write: what is done to text before the stages of tokenizer.json see it. */

/**
 * Gets the text between special tokens, one stretch at a time, and gives the text that is tokenized in its place; the same for the same
 * text each time. It need not keep positions: where each character came from is found by comparison afterwards, so that offsets
 * still refer to the text that the caller gave.
 */
export type TextNormalizer = (text: string) => string;
