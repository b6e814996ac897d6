/** JSON as Python reads and writes it, which is how model folders are made: with `NaN`, `Infinity` and `-Infinity`. */

/** Strings, so that nothing is found inside them, and the three constants where nothing touches them. */
const CONSTANTS = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\w.+-])(NaN|-?Infinity)(?![\w.])/g;

/** Values within one another; deeper ones can be read, and not written or walked any more. */
const MOST_NESTED = 500;

/** @throws SyntaxError as `JSON.parse` does, and for values that lie too deep */
export function parsePythonJson(text: string): unknown {
  try {
    return assertShallow(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return parseWithConstants(text, error);
  }
}

function assertShallow(value: unknown): unknown {
  if (isDeeper(value, MOST_NESTED)) throw new SyntaxError(`values lie more than ${MOST_NESTED} deep within one another`);
  return value;
}

function isDeeper(value: unknown, most: number): boolean {
  const within = (values: readonly unknown[]) => values.filter((each): each is object => typeof each === 'object' && each !== null);
  let level = within([value]);
  for (let depth = 0; depth < most && level.length > 0; depth++) level = level.flatMap((each) => within(Object.values(each)));
  return level.length > 0;
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
  assertShallow(JSON.parse(standard)); // a reviver walks it by recursion
  return JSON.parse(standard, (_, value: unknown) => (value === nan ? NaN : value));
}
