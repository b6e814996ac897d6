/** JSON as Python reads and writes it, which is how model folders are made: with `NaN`, `Infinity` and `-Infinity`. */

/** Strings, so that nothing is found inside them, and the three constants where nothing touches them. */
const CONSTANTS = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\w.+-])(NaN|-?Infinity)(?![\w.])/g;

/** @throws SyntaxError as `JSON.parse` does */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return parseWithConstants(text, error);
  }
}

function parseWithConstants(text: string, error: SyntaxError): unknown {
  // JSON has no way to write NaN: a string that the text doesn't hold stands for it.
  let nan = 'NaN';
  while (text.includes(`"${nan}"`)) nan += 'N';
  let found = false;
  const standard = text.replace(CONSTANTS, (match, constant: string | undefined) => {
    if (constant === undefined) return match;
    found = true;
    return constant === 'NaN' ? `"${nan}"` : constant.replace('Infinity', '1e999');
  });
  // What is wrong is told of the text as it came.
  if (!found) throw error;
  return JSON.parse(standard, (_, value: unknown) => (value === nan ? NaN : value));
}
