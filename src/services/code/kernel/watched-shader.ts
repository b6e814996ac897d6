/**
 * A shader that watches itself. WebGPU can't stop a shader, and an access beyond a buffer is quietly moved inside it: so a candidate is
 * tried in a form in which every loop counts its turns and leaves when there are too many, and every access of a binding is compared
 * with the length of the binding. What happened is told in words of `@group(1) @binding(0)`, one for each loop and access.
 *
 * A loop may take no more turns than its invocation has left of a number that all loops share. One that holds a barrier has a number of its
 * own, counted in a variable of the function, by one before anything else: so the compiler still sees that all invocations
 * pass it together. All is written on the lines that are there, so lines stay.
 */
import type { Position } from '../syntax.ts';
import { closing, next, placeOf, type Token, tokensOf } from './wgsl-tokens.ts';

/** Turns of all loops of an invocation; cases take up to ten thousand where one invocation does all the work. */
const MAX_TURNS = 65_536;
/** Turns of a loop that holds a barrier, in a call of its function. */
const MAX_TURNS_WITH_BARRIER = 2048;

const BARRIER = /^(?:\w+Barrier|workgroupUniformLoad|subgroup\w+|quad\w+)$/;

export interface Loop extends Position {
  keyword: string;
}

export interface Access extends Position {
  binding: number;
  writes: boolean;
}

export interface WatchedShader {
  source: string;
  /** Its word holds how often one turned that was left because it turned too often, since it was begun. */
  loops: readonly Loop[];
  /** Its word, after those of the loops, is not 0 where it went beyond its binding. */
  accesses: readonly Access[];
}

interface Insertion {
  at: number;
  text: string;
}

/** What a watched shader is told: the bytes by which every storage binding is longer than the kernel says. */
export const toldOf = (paddingBytes: number): Uint8Array<ArrayBuffer> => new Uint8Array(Uint32Array.of(paddingBytes, 0, 0, 0).buffer);

/** @param withAccesses whether accesses are compared with the lengths of bindings; `arrayLength` is told without the padding always */
export function watchedShader(source: string, withAccesses = true): WatchedShader {
  const tokens = tokensOf(source);
  const bindings = bindingsOf(tokens);
  const prefix = freePrefix(source);
  const insertions: Insertion[] = [];
  const insert = (at: number, text: string) => void insertions.push({ at, text });
  const loops = countTurns(source, tokens, prefix, insert);
  const accesses = withAccesses ? compareAccesses(source, tokens, bindings, `${prefix}_within`, loops.length, insert) : [];
  for (const { name, stride } of bindings) {
    if (stride !== null) shortenLengths(tokens, name, ` - ${prefix}_told.x / ${stride}u)`, insert);
  }
  const functions = bindings
    .filter(({ binding }) => accesses.some((access) => access.binding === binding))
    .map(({ name, binding, stride }) => withinFunction(prefix, name, binding, stride!));
  const probe = [
    `var<private> ${prefix}_turns = 0u;`,
    `@group(1) @binding(0) var<storage, read_write> ${prefix}_probe: array<atomic<u32>>;`,
    `@group(1) @binding(1) var<uniform> ${prefix}_told: vec4<u32>;`,
  ];
  return { source: `${applied(source, insertions)}\n${[...probe, ...functions].join('\n')}\n`, loops, accesses };
}

const withinFunction = (prefix: string, name: string, binding: number, stride: number) =>
  `fn ${prefix}_within_${binding}(word: u32, i: u32) -> u32 { if (i >= arrayLength(&${name}) - ${prefix}_told.x / ${stride}u) { atomicStore(&${prefix}_probe[word], 1u); } return i; }`;

function countTurns(source: string, tokens: readonly Token[], prefix: string, insert: (at: number, text: string) => void): Loop[] {
  const loops: Loop[] = [];
  const functions = functionsOf(tokens);
  const waiting = withBarriers(tokens, functions);
  for (const { body, end } of functions) {
    for (let j = body; j < end; j++) {
      const { text: keyword, start } = tokens[j]!;
      const open = next(tokens, '{', j);
      if (!/^(?:for|while|loop)$/.test(keyword) || open === tokens.length) continue;
      const word = loops.push({ ...placeOf(source, start), keyword }) - 1;
      const turns = `${prefix}_turns_${word}`;
      const waits = tokens.slice(open, closing(tokens, open)).some(({ text }) => BARRIER.test(text) || waiting.has(text));
      insert(tokens[body]!.end, ` var ${turns} = 0u;`);
      // Attributes stand before the word; a loop that has some counts on.
      if (!waits && /^[{};]$/.test(tokens[j - 1]!.text)) insert(start, `${turns} = 0u; `);
      const isTooMuch = waits ? `${turns} > ${MAX_TURNS_WITH_BARRIER}u` : `${prefix}_turns > ${MAX_TURNS}u`;
      const count = waits ? `${turns}++;` : `${turns}++; ${prefix}_turns++;`;
      insert(tokens[open]!.end, ` ${count} if (${isTooMuch}) { atomicMax(&${prefix}_probe[${word}u], ${turns}); break; }`);
    }
  }
  return loops;
}

interface Func {
  name: string;
  /** Indices of the tokens around its body. */
  body: number;
  end: number;
}

function functionsOf(tokens: readonly Token[]): Func[] {
  return tokens.flatMap(({ text }, i) => {
    if (text !== 'fn') return [];
    const body = next(tokens, '{', i);
    return body === tokens.length ? [] : [{ name: tokens[i + 1]!.text, body, end: closing(tokens, body) }];
  });
}

/** Names of the functions that hold a barrier, themselves or in what they call. */
function withBarriers(tokens: readonly Token[], functions: readonly Func[]): Set<string> {
  const found = new Set<string>();
  for (let size = -1; size < found.size;) {
    size = found.size;
    for (const { name, body, end } of functions)
      if (tokens.slice(body, end).some(({ text }) => BARRIER.test(text) || found.has(text))) found.add(name);
  }
  return found;
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
function shortenLengths(tokens: readonly Token[], name: string, less: string, insert: (at: number, text: string) => void): void {
  tokens.forEach(({ text, start }, i) => {
    const [open, and, what, close] = tokens.slice(i + 1, i + 5);
    if (text !== 'arrayLength' || open?.text !== '(' || and?.text !== '&' || what?.text !== name || close?.text !== ')') return;
    insert(start, '(');
    insert(close.end, less);
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
