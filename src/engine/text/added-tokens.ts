/** Tokens that stand beside the model's vocabulary, above all the special ones: found in the text before anything else is done. */
import { TokenizerError } from './tokenizer-error.ts';
import { AlignedText } from './aligned-text.ts';
import { JsonPart } from './json-part.ts';
import type { Normalizer } from './normalizers.ts';
import { isWhitespace, isWordCharacter } from './pattern.ts';
import type { Model } from './pieces.ts';
import { Trie } from './trie.ts';

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Left out when decoding skips special tokens. */
  readonly special: boolean;
  /** Only where no letter touches it. */
  readonly singleWord: boolean;
  /** Takes the white space before it along. */
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  /** Looked for after normalisation, with its content normalised too. */
  readonly normalized: boolean;
}

/** Characters of an added token: it is looked for at each place of a text. */
const MAX_CONTENT = 1000;

/** A stretch of text, or an added token that stands there. */
export interface Section {
  readonly text: AlignedText;
  readonly token: AddedToken | null;
}

function readAddedToken(part: JsonPart, id: number): AddedToken {
  const special = part.flag('special', false);
  return {
    id,
    content: part.text('content'),
    special,
    singleWord: part.flag('single_word', false),
    lstrip: part.flag('lstrip', false),
    rstrip: part.flag('rstrip', false),
    normalized: part.flag('normalized', !special),
  };
}

/**
 * The field `added_tokens`, then the tokens that only tokenizer_config.json has. Ids are given as the Rust library gives them: that of the model's
 * vocabulary, else the next free one. What the files say of ids is read there only to warn.
 * @param roles by role, the contents of tokens that are special, also where tokenizer.json does not know them
 */
export function readAddedTokens(
  file: JsonPart,
  config: JsonPart,
  roles: ReadonlyMap<string, string>,
  { vocabulary, size }: Pick<Model, 'vocabulary' | 'size'>,
): AddedToken[] {
  const tokens = new Map<string, AddedToken>();
  let next = size;
  const add = (content: string, make: (id: number) => AddedToken): void => {
    if (content === '' || tokens.has(content)) return;
    if (content.length > MAX_CONTENT)
      throw new TokenizerError('added_tokens', `one has ${content.length} characters; at most ${MAX_CONTENT} are looked for.`);
    const id = vocabulary.get(content) ?? next;
    tokens.set(content, make(id));
    next = Math.max(next, id + 1);
  };
  for (const part of file.parts('added_tokens', [])) {
    part.count('id');
    add(part.text('content'), (id) => readAddedToken(part, id));
  }
  const decoder = config.part('added_tokens_decoder');
  const ids = Object.keys(Object.fromEntries(decoder?.entries() ?? [])).toSorted((a, b) => Number(a) - Number(b));
  for (const key of ids) {
    const part = decoder!.part(key);
    if (part) add(part.text('content'), (id) => readAddedToken(part, id));
  }
  for (const [role, content] of roles)
    add(content, (id) => ({ ...readToken(config.get(role), config.at(role), id, content), special: true }));
  for (const { content, make } of extraTokens(config)) add(content, make);
  return [...tokens.values()];
}

/** A token given as text is special and nothing else. */
function readToken(value: unknown, path: string, id: number, content: string): AddedToken {
  if (typeof value === 'object' && value !== null) return readAddedToken(new JsonPart(path, value), id);
  return { id, content, special: true, singleWord: false, lstrip: false, rstrip: false, normalized: false };
}

/** The special tokens without a role of their own: a list, or by name. */
function extraTokens(config: JsonPart): { content: string; make: (id: number) => AddedToken }[] {
  const key = ['extra_special_tokens', 'additional_special_tokens'].find((name) => Object.keys(config.get(name) ?? {}).length > 0);
  if (key === undefined) return [];
  const value = config.get(key);
  const list: unknown[] = Array.isArray(value)
    ? value
    : config
        .part(key)!
        .entries()
        .map(([, token]) => token);
  return list.map((token, index) => {
    const path = `${config.at(key)}[${index}]`;
    const content = typeof token === 'string' ? token : new JsonPart(path, token).text('content');
    return { content, make: (id) => readToken(token, path, id, content) };
  });
}

export class AddedTokens {
  readonly #raw: Finder;
  readonly #normalized: Finder;

  constructor(
    tokens: readonly AddedToken[],
    private readonly normalizer: Normalizer | null,
  ) {
    const contentOf = ({ content }: AddedToken) => (normalizer ? normalizer(AlignedText.of(content)).text : content);
    this.#raw = new Finder(tokens.filter(({ normalized }) => !normalized));
    this.#normalized = new Finder(
      tokens.filter(({ normalized }) => normalized),
      contentOf,
    );
  }

  /** Finds the added tokens and normalises the text between them. */
  split(text: AlignedText): Section[] {
    return this.#raw.split(text).flatMap((section) => {
      if (section.token) return [section];
      return this.#normalized.split(this.normalizer ? this.normalizer(section.text) : section.text);
    });
  }
}

/** Finds tokens from left to right, at each place the longest. */
class Finder {
  readonly #trie: Trie;

  constructor(
    private readonly tokens: readonly AddedToken[],
    contentOf: (token: AddedToken) => string = ({ content }) => content,
  ) {
    this.#trie = new Trie(tokens.map(contentOf));
  }

  split(source: AlignedText): Section[] {
    const { text } = source;
    if (this.tokens.length === 0 || text === '') return text === '' ? [] : [{ text: source, token: null }];
    const sections: Section[] = [];
    let done = 0;
    for (let position = 0; position < text.length; position++) {
      let token: AddedToken | undefined;
      let end = 0;
      this.#trie.match(text, position, (index, matchEnd) => {
        token = this.tokens[index];
        end = matchEnd;
      });
      if (!token) continue;
      // What the white space of the one before has taken is no token any more.
      if (position >= done && (!token.singleWord || standsAlone(text, position, end))) {
        const start = token.lstrip ? Math.max(spaceBefore(text, position), done) : position;
        const stop = token.rstrip ? spaceAfter(text, end) : end;
        if (done < start) sections.push({ text: source.slice(done, start), token: null });
        sections.push({ text: source.slice(start, stop), token });
        done = stop;
      }
      position = end - 1;
    }
    if (done < text.length) sections.push({ text: source.slice(done, text.length), token: null });
    return sections;
  }
}

function standsAlone(text: string, start: number, end: number): boolean {
  const before = Array.from(text.slice(Math.max(0, start - 2), start)).at(-1);
  const after = Array.from(text.slice(end, end + 2))[0];
  return !isWordCharacter(before) && !isWordCharacter(after);
}

function spaceBefore(text: string, position: number): number {
  while (position > 0 && isWhitespace(text[position - 1])) position--;
  return position;
}

function spaceAfter(text: string, position: number): number {
  while (position < text.length && isWhitespace(text[position])) position++;
  return position;
}
