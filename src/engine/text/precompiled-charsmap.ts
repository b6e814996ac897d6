/** SentencePiece's compiled normalisation rules (`nmt_nfkc` and its kin), which T5, XLM-R and others carry in tokenizer.json. */
import { type AlignedText, Rewrite } from './aligned-text.ts';
import { TokenizerError } from './tokenizer-error.ts';

const utf8 = new TextEncoder();

/**
 * The map is a double-array trie (darts-clone) over UTF-8 whose values are positions in a list of NUL-ended replacements.
 * A grapheme below 6 bytes is looked up whole, then character by character, and the shortest match counts, as in the Rust
 * crate `spm_precompiled`.
 * @param base64 u32 size of the trie in bytes, the trie, the replacements
 */
export function precompiledNormalizer(base64: string, path: string): (text: AlignedText) => AlignedText {
  if (base64 === '') return (text) => text;
  const charsmap = new Charsmap(base64, path);
  const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return (source) => {
    const rewrite = new Rewrite(source);
    const replaced = (part: string): boolean => {
      const replacement = charsmap.lookup(part);
      if (replacement === null) return false;
      const surplus = [...replacement].length - [...part].length;
      const kept = [...replacement].length - Math.max(surplus, 0);
      let index = 0;
      for (const character of replacement) {
        index++;
        const isLast = index === kept;
        rewrite.put(character, index > kept ? 1 : isLast && surplus < 0 ? surplus : 0);
      }
      if (kept === 0) rewrite.skip([...part].length);
      return true;
    };
    for (const { segment } of graphemes.segment(source.text)) {
      if (utf8.encode(segment).length < 6 && replaced(segment)) continue;
      for (const character of segment) {
        if (!replaced(character)) rewrite.put(character, 0);
      }
    }
    return rewrite.done();
  };
}

class Charsmap {
  readonly #trie: Uint32Array;
  readonly #replacements: Uint8Array;
  readonly #decoder = new TextDecoder();
  readonly #known = new Map<string, string | null>();

  constructor(base64: string, path: string) {
    let bytes: Uint8Array;
    try {
      bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    } catch (error) {
      throw new TokenizerError(path, 'is not base64.', { cause: error });
    }
    const view = new DataView(bytes.buffer);
    const size = bytes.length < 4 ? 0 : view.getUint32(0, true);
    if (size === 0 || size % 4 !== 0 || 4 + size > bytes.length) {
      throw new TokenizerError(path, `says that its trie has ${size} bytes, and has ${bytes.length} in all.`);
    }
    this.#trie = Uint32Array.from({ length: size / 4 }, (_, index) => view.getUint32(4 + 4 * index, true));
    this.#replacements = bytes.subarray(4 + size);
  }

  lookup(part: string): string | null {
    let replacement = this.#known.get(part);
    if (replacement === undefined) {
      replacement = this.find(part);
      if (this.#known.size > 10_000) this.#known.clear();
      this.#known.set(part, replacement);
    }
    return replacement;
  }

  private find(part: string): string | null {
    const trie = this.#trie;
    let node = offset(trie[0]!);
    for (const byte of utf8.encode(part)) {
      if (byte === 0) return null;
      node ^= byte;
      const unit = trie[node] ?? 0;
      if ((unit & 0x8000_00ff) >>> 0 !== byte) return null;
      node ^= offset(unit);
      if ((unit >>> 8) & 1) {
        const start = (trie[node] ?? 0) & 0x7fff_ffff;
        const end = this.#replacements.indexOf(0, start);
        return this.#decoder.decode(this.#replacements.subarray(start, end < 0 ? undefined : end));
      }
    }
    return null;
  }
}

/** The distance to a unit's children. */
const offset = (unit: number): number => (unit >>> 10) << ((unit & 0x200) >>> 6);
