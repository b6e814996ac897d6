/** Text from an address, as it may stand in a sentence of ours: short, on one line, and unable to turn the words around it. */

/** Of a name or a value. */
const SHORT = 40;

/** Signs that turn text round (Unicode's bidirectional controls), that cannot be seen, or that end a line. */
// oxlint-disable-next-line no-control-regex -- those are what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
/** Letters that run from right to left: they take signs beside them along. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

export function linkedText(text: string, limit = SHORT): string {
  // Not each character of a text that may have millions.
  const start = Array.from(text.slice(0, 2 * limit));
  const short = start.length > limit || start.join('').length < text.length ? `${start.slice(0, limit - 1).join('')}…` : text;
  const seen = short.replace(UNSEEN, (sign) => `⟨U+${sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`);
  return RIGHT_TO_LEFT.test(seen) ? `\u2068${seen}\u2069` : seen;
}
