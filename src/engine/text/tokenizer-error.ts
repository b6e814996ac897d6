/** What a tokenizer, its files or a chat template refuse, with the part that is wrong. */
export class TokenizerError extends Error {
  override readonly name = 'TokenizerError';
  /**
   * @param part where: a path in tokenizer.json (`model.merges[3]`), or `chat_template`, `padding`
   * @param reason what is wrong there
   */
  constructor(
    readonly part: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`${part}: ${reason}`, options);
  }
}
