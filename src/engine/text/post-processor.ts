/** The post-processors of tokenizer.json: they add the special tokens around a text and trim the offsets of byte-level tokens. */
import { widthAt, widthBefore } from './aligned-text.ts';
import { BYTE_CHARACTERS } from './byte-alphabet.ts';
import { addToken, concat, emptyEncoding, type Encoding, type Token } from './encoding.ts';
import { type JsonPart, kindOf } from './json-part.ts';
import { isWhitespace } from './pattern.ts';
import { TokenizerError } from './tokenizer-error.ts';

export interface PostProcessor {
  /** Special tokens that are added to a text. */
  readonly added: number;
  /** @param text what was encoded */
  process(encoding: Encoding, text: string, addSpecialTokens: boolean): Encoding;
}

export function createPostProcessor(stage: JsonPart | null): PostProcessor | null {
  if (!stage) return null;
  const type = stage.text('type');
  switch (type) {
    case 'Sequence':
      return sequence(processorsOf(stage).map((part) => createPostProcessor(part)!));
    case 'ByteLevel':
      return stage.flag('trim_offsets', true) ? trimming(stage.flag('add_prefix_space', true)) : sequence([]);
    case 'TemplateProcessing':
      return template(stage);
    case 'BertProcessing':
      return around([tokenOf(stage, 'cls')], [tokenOf(stage, 'sep')]);
    case 'RobertaProcessing': {
      const special = around([tokenOf(stage, 'cls')], [tokenOf(stage, 'sep')]);
      return stage.flag('trim_offsets', true) ? sequence([trimming(stage.flag('add_prefix_space', true)), special]) : special;
    }
    default:
      throw new TokenizerError(
        stage.at('type'),
        `unknown post-processor "${type}"; known are Sequence, ByteLevel, TemplateProcessing, BertProcessing, RobertaProcessing.`,
      );
  }
}

/** The steps of a Sequence, in which a template must be the last that adds tokens: Rust would take its pieces for several texts. */
function processorsOf(stage: JsonPart): JsonPart[] {
  const parts = stage.stages('processors');
  const flat = parts.flatMap((part) => (part.text('type') === 'Sequence' ? processorsOf(part) : [part]));
  const adding = flat.filter((part) => part.text('type') !== 'ByteLevel');
  const template = adding.findIndex((part) => part.text('type') === 'TemplateProcessing');
  const next = template < 0 ? undefined : adding[template + 1];
  if (next)
    throw new TokenizerError(next.path, 'adds tokens after a TemplateProcessing, which is supported only as the last that adds any.');
  return flat;
}

function sequence(steps: readonly PostProcessor[]): PostProcessor {
  return {
    added: steps.reduce((sum, { added }) => sum + added, 0),
    process: (encoding, text, addSpecialTokens) => steps.reduce((before, step) => step.process(before, text, addSpecialTokens), encoding),
  };
}

/** A piece of a template: special tokens, or null where the text stands. */
type Piece = readonly Token[] | null;

function template(stage: JsonPart): PostProcessor {
  const specialTokens = stage.part('special_tokens');
  const pieces = stage.stages('single').map((item): Piece => {
    const special = item.part('SpecialToken');
    if (!special) {
      if (item.part('Sequence')) return null;
      throw new TokenizerError(item.path, 'must be a Sequence or a SpecialToken.');
    }
    const definition = specialTokens?.part(special.text('id'));
    if (!definition) throw new TokenizerError(special.at('id'), `${JSON.stringify(special.text('id'))} is not among the special_tokens.`);
    const names = definition.list('tokens');
    return definition.list('ids').map((id, index) => tokenFrom(id, names[index], definition.path));
  });
  return ofPieces(pieces);
}

/** BOS before a text and EOS after it, as `add_bos_token` and `add_eos_token` of tokenizer_config.json ask for. */
export const around = (before: readonly Token[], after: readonly Token[]): PostProcessor => ofPieces([before, null, after]);

/** More than the longest text has, with what stands around it. */
const MAX_TOKENS = 8_000_000;

function ofPieces(pieces: readonly Piece[]): PostProcessor {
  const added = pieces.reduce((sum, piece) => sum + (piece?.length ?? 0), 0);
  const texts = pieces.filter((piece) => piece === null).length;
  const encodingOf = (tokens: readonly Token[]) => {
    const encoding = emptyEncoding();
    for (const { id, token } of tokens) addToken(encoding, id, token, 0, 0);
    return encoding;
  };
  return {
    added,
    process: (encoding, _, addSpecialTokens) => {
      const length = encoding.ids.length * texts + added;
      if (length > MAX_TOKENS)
        throw new TokenizerError('post_processor', `makes ${length} tokens of a text; at most ${MAX_TOKENS} are made.`);
      return concat(pieces.flatMap((piece) => (piece === null ? [encoding] : addSpecialTokens ? [encodingOf(piece)] : [])));
    },
  };
}

/** `["[CLS]", 101]` */
function tokenOf(stage: JsonPart, key: string): Token {
  const [token, id] = stage.list(key);
  return tokenFrom(id, token, stage.at(key));
}

function tokenFrom(id: unknown, token: unknown, path: string): Token {
  if (typeof token !== 'string' || !Number.isInteger(id)) {
    throw new TokenizerError(path, `a special token is a string with an integer id, and this is ${kindOf(token)} with ${kindOf(id)}.`);
  }
  return { id: id as number, token };
}

/** Takes the spaces at both ends of a token out of its offsets; a prefix space that was added was never in the text. */
function trimming(addPrefixSpace: boolean): PostProcessor {
  const isSpace = (character: string | undefined) => character === BYTE_CHARACTERS[0x20] || isWhitespace(character);
  return {
    added: 0,
    process(encoding, text) {
      encoding.tokens.forEach((token, index) => {
        const offset = encoding.offsets[index]!;
        let leading = 0;
        let trailing = 0;
        while (leading < token.length && isSpace(token[leading])) leading++;
        while (trailing < token.length && isSpace(token[token.length - 1 - trailing])) trailing++;
        if (leading > 0) {
          if (addPrefixSpace && (index === 0 || offset[0] === 0)) leading--;
          // Character by character: an added space may stand for half of a surrogate pair.
          for (; leading > 0 && offset[0] < offset[1]; leading--) offset[0] += widthAt(text, offset[0]);
        }
        for (; trailing > 0 && offset[1] > offset[0]; trailing--) offset[1] -= widthBefore(text, offset[1]);
      });
      return encoding;
    },
  };
}
