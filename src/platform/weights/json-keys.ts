/** `JSON.parse` keeps the last of two equal keys in silence; a safetensors header that says a thing twice must be refused. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

/** The first key that an object of `json` has twice, or `null`. `json` must be valid JSON. */
export function duplicateKey(json: string): string | null {
  /** Keys seen in each open object; `null` for an open array. */
  const open: (Set<string> | null)[] = [];
  for (let i = 0; i < json.length; i++) {
    const char = json[i];
    if (char === '{') open.push(new Set());
    else if (char === '[') open.push(null);
    else if (char === '}' || char === ']') open.pop();
    else if (char === '"') {
      const start = i;
      i = endOfString(json, start);
      const keys = open.at(-1);
      if (!keys || !colonFollows(json, i)) continue;
      const key = String(JSON.parse(json.slice(start, i + 1)));
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return null;
}

/** Index of the quote that closes the string opened at `start`. */
function endOfString(json: string, start: number): number {
  let i = start + 1;
  while (i < json.length && json.charCodeAt(i) !== QUOTE) i += json.charCodeAt(i) === BACKSLASH ? 2 : 1;
  return i;
}

function colonFollows(json: string, quote: number): boolean {
  let i = quote + 1;
  while (isSpace(json.charCodeAt(i))) i++;
  return json.charCodeAt(i) === COLON;
}
