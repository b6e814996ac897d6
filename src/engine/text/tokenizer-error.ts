/** What a tokenizer, its files or a chat template refuse, with the part that is wrong. */
import { boundedText } from '../../environment/bounded-text.ts';

/** Tokens, expressions and names come from files. */
const MAX_PART = 300;
const MAX_REASON = 2000;

export class TokenizerError extends Error {
  override readonly name = 'TokenizerError';
  readonly part: string;
  readonly reason: string;

  /**
   * @param part where: a path in tokenizer.json (`model.merges[3]`), or `chat_template`, `padding`
   * @param reason what is wrong there
   */
  constructor(part: string, reason: string, options?: ErrorOptions) {
    const [where, what] = [boundedText(part, MAX_PART), boundedText(reason, MAX_REASON)];
    super(`${where}: ${what}`, options);
    this.part = where;
    this.reason = what;
  }
}
