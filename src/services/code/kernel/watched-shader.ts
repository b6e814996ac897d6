/**
 * A shader that watches itself. WebGPU can't stop a shader, and an access beyond a buffer is quietly moved inside it: so a candidate is
 * tried in a form in which every loop counts its turns and leaves when there are too many, and every access of a binding is compared
 * with the length of the binding. What happened is told in words of `@group(1) @binding(0)`, one for each loop and access.
 *
 * Turns are counted in variables of the function, by one before anything else in the loop: so a loop that all invocations pass together
 * is still seen as one by the compiler, and may hold barriers. All is written on the lines that are there, so lines stay.
 */
import type { Position } from '../syntax.ts';
import { closing, next, placeOf, type Token, tokensOf } from './wgsl-tokens.ts';

/** Turns of one loop in a call of `main`, over all the times that it is begun; cases take a few hundred. */
const MAX_TURNS = 16_384;
/** The same in a call of another function, which may itself be called in a loop. */
const MAX_TURNS_IN_CALLED = 1024;

export interface Loop extends Position {
  keyword: string;
  /** How many turns are too many. */
  limit: number;
}

export interface Access extends Position {
  binding: number;
  writes: boolean;
}

export interface WatchedShader {
  source: string;
  /** By the word in which they tell that they turned too often. */
  loops: readonly Loop[];
  /** By the word, the loops before them. */
  accesses: readonly Access[];
}

interface Insertion {
  at: number;
  text: string;
}

export interface WatchOptions {
  /** Compare accesses with the lengths of bindings. */
  accesses: boolean;
  /** Bytes by which every storage binding is longer than the kernel says; `arrayLength` is told without them. */
  paddingBytes: number;
}

export function watchedShader(source: string, { accesses: withAccesses, paddingBytes }: WatchOptions): WatchedShader {
  const tokens = tokensOf(source);
  const bindings = bindingsOf(tokens);
  const prefix = freePrefix(source);
  const insertions: Insertion[] = [];
  const insert = (at: number, text: string) => void insertions.push({ at, text });
  const loops = countTurns(source, tokens, prefix, insert);
  const accesses = withAccesses ? compareAccesses(source, tokens, bindings, `${prefix}_within`, loops.length, insert) : [];
  for (const { name, stride } of bindings) {
    if (stride !== null && paddingBytes > 0) shortenLengths(tokens, name, paddingBytes / stride, insert);
  }
  const functions = bindings
    .filter(({ binding }) => accesses.some((access) => access.binding === binding))
    .map(({ name, binding }) => withinFunction(`${prefix}_within_${binding}`, name, prefix));
  const probe = `@group(1) @binding(0) var<storage, read_write> ${prefix}_probe: array<atomic<u32>>;`;
  return { source: `${applied(source, insertions)}\n${[probe, ...functions].join('\n')}\n`, loops, accesses };
}

const tell = (prefix: string, word: string) => `atomicStore(&${prefix}_probe[${word}], 1u);`;

const withinFunction = (name: string, binding: string, prefix: string) =>
  `fn ${name}(word: u32, i: u32) -> u32 { if (i >= arrayLength(&${binding})) { ${tell(prefix, 'word')} } return i; }`;

function countTurns(source: string, tokens: readonly Token[], prefix: string, insert: (at: number, text: string) => void): Loop[] {
  const loops: Loop[] = [];
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i]!.text !== 'fn') continue;
    const limit = tokens[i + 1]?.text === 'main' ? MAX_TURNS : MAX_TURNS_IN_CALLED;
    const body = next(tokens, '{', i);
    const end = closing(tokens, body);
    for (let j = body; j < end; j++) {
      const { text: keyword, start } = tokens[j]!;
      if (!/^(?:for|while|loop)$/.test(keyword)) continue;
      const inside = tokens[next(tokens, '{', j)];
      if (!inside) continue;
      const word = loops.push({ ...placeOf(source, start), keyword, limit }) - 1;
      const turns = `${prefix}_turns_${word}`;
      insert(tokens[body]!.end, ` var ${turns} = 0u;`);
      insert(inside.end, ` ${turns}++; if (${turns} > ${limit}u) { ${tell(prefix, `${word}u`)} break; }`);
    }
    i = Math.max(i, body);
  }
  return loops;
}

function compareAccesses(
  source: string,
  tokens: readonly Token[],
  bindings: readonly Binding[],
  within: string,
  firstWord: number,
  insert: (at: number, text: string) => void,
): Access[] {
  const accesses: Access[] = [];
  tokens.forEach(({ text, start }, i) => {
    const bound = bindings.find(({ name, stride }) => name === text && stride !== null);
    if (!bound || tokens[i + 1]?.text !== '[' || tokens[i - 1]?.text === '.') return;
    const end = tokens[closing(tokens, i + 1)];
    if (!end) return;
    const writes = /^\s*(?:\.\w+\s*)?(?:(?:[-+*/%&|^]|<<|>>)?=(?!=)|\+\+|--)/.test(source.slice(end.end));
    const word = firstWord + accesses.push({ ...placeOf(source, start), binding: bound.binding, writes }) - 1;
    insert(tokens[i + 1]!.end, `${within}_${bound.binding}(${word}u, u32(`);
    insert(end.start, '))');
  });
  return accesses;
}

/** `arrayLength(&x)` */
function shortenLengths(tokens: readonly Token[], name: string, elements: number, insert: (at: number, text: string) => void): void {
  tokens.forEach(({ text, start }, i) => {
    const [open, and, what, close] = tokens.slice(i + 1, i + 5);
    if (text !== 'arrayLength' || open?.text !== '(' || and?.text !== '&' || what?.text !== name || close?.text !== ')') return;
    insert(start, '(');
    insert(close.end, ` - ${elements}u)`);
  });
}

interface Binding {
  name: string;
  /** Of group 0. */
  binding: number;
  /** Bytes from one element to the next; `null` where it is no array, or of a type that is not known here. */
  stride: number | null;
}

/** Storage buffers, by what the source calls them. */
function bindingsOf(tokens: readonly Token[]): Binding[] {
  const bindings: Binding[] = [];
  tokens.forEach(({ text }, i) => {
    if (text !== 'var' || tokens[i + 1]?.text !== '<' || tokens[i + 2]?.text !== 'storage') return;
    const name = tokens[next(tokens, '>', i) + 1]?.text;
    const type = tokens.slice(next(tokens, ':', i) + 1, next(tokens, ';', i)).map((token) => token.text);
    const attributes = tokens.slice(Math.max(0, i - 10), i).map((token) => token.text);
    const valueOf = (attribute: string) => Number.parseInt(attributes[attributes.lastIndexOf(attribute) + 2] ?? '', 10);
    const binding = valueOf('binding');
    if (name !== undefined && Number.isInteger(binding)) bindings.push({ name, binding, stride: strideOf(type) });
  });
  return bindings;
}

function strideOf([array, , element = '']: readonly string[]): number | null {
  if (array !== 'array') return null;
  if (/^(?:f32|u32|i32|atomic)$/.test(element)) return 4;
  const vector = /^vec([234])/.exec(element);
  return vector ? (vector[1] === '2' ? 8 : 16) : null;
}

/** A word that the source does not begin another with. */
function freePrefix(source: string): string {
  let prefix = 'watched';
  while (source.includes(prefix)) prefix += '_';
  return prefix;
}

function applied(source: string, insertions: readonly Insertion[]): string {
  let [out, done] = ['', 0];
  // What comes first at one place stays first.
  for (const { at, text } of insertions.toSorted((a, b) => a.at - b.at)) {
    out += source.slice(done, at) + text;
    done = at;
  }
  return out + source.slice(done);
}
