/** The decoders of tokenizer.json. Each is a stream of tokens, so that decoding at once and decoding as tokens come are one code. */
import {
  byteFallback,
  byteLevel,
  ctc,
  type Decoder,
  type DecoderStep,
  type DecoderStream,
  metaspace,
  replace,
  spaced,
  strip,
  suffix,
  wordPiece,
} from './decoder-steps.ts';
import type { JsonPart } from './json-part.ts';
import { patternOf } from './pattern.ts';
import { TokenizerError } from './tokenizer-error.ts';

/** Without a decoder, tokens are joined with spaces. */
export function createDecoder(stage: JsonPart | null): Decoder {
  if (!stage) return spaced;
  let fused = false;
  const steps: Decoder[] = [];
  for (const part of stepsOf(stage)) {
    const type = part.text('type');
    if (type === 'Fuse') {
      fused = true;
      continue;
    }
    const create = Object.hasOwn(factories, type) ? factories[type] : undefined;
    if (!create)
      throw new TokenizerError(
        part.at('type'),
        `unknown decoder "${type}"; known are Sequence, Fuse, ${Object.keys(factories).join(', ')}.`,
      );
    steps.push(create(part)[fused ? 'whole' : 'tokens']);
    // These make one text of all tokens themselves.
    if (type === 'ByteLevel') fused = true;
  }
  return () => new Chain(steps.map((start) => start()));
}

function stepsOf(stage: JsonPart): JsonPart[] {
  return stage.text('type') === 'Sequence' ? stage.stages('decoders').flatMap(stepsOf) : [stage];
}

const factories: Record<string, (stage: JsonPart) => DecoderStep> = {
  ByteLevel: () => atOnce(byteLevel),
  ByteFallback: () => atOnce(byteFallback),
  Metaspace: (stage) => {
    const keepsFirst =
      stage.choice('prepend_scheme', ['always', 'first', 'never'], stage.flag('add_prefix_space', true) ? 'always' : 'never') === 'never';
    return atOnce(metaspace(stage.text('replacement', '▁'), keepsFirst));
  },
  WordPiece: (stage) => atOnce(wordPiece(stage.text('prefix', '##'), stage.flag('cleanup', true))),
  BPEDecoder: (stage) => atOnce(suffix(stage.text('suffix', '</w>'))),
  CTC: (stage) => atOnce(ctc(stage.text('pad_token', '<pad>'), stage.text('word_delimiter_token', '|'), stage.flag('cleanup', true))),
  Replace: (stage) => {
    const { find, literal } = patternOf(stage);
    const step = replace(find, stage.text('content'));
    return literal?.length === 1 ? { tokens: step, whole: step } : atOnce(step);
  },
  Strip: (stage) => {
    const content = stage.text('content', ' ');
    if ([...content].length !== 1)
      throw new TokenizerError(stage.at('content'), `must be one character, and is ${JSON.stringify(content)}.`);
    return strip(content, stage.count('start', 0), stage.count('stop', 0));
  },
};

/** A step that treats a fused text as a list of one token: it has to wait for the end. */
const atOnce = (tokens: Decoder): DecoderStep => ({ tokens, whole: () => new Fused(tokens()) });

class Chain implements DecoderStream {
  constructor(private readonly steps: readonly DecoderStream[]) {}

  push(tokens: readonly string[]): string[] {
    return this.steps.reduce((before, step) => step.push(before), [...tokens]);
  }

  end(): string[] {
    return this.steps.reduce<string[]>((before, step) => [...step.push(before), ...step.end()], []);
  }
}

class Fused implements DecoderStream {
  readonly #held: string[] = [];

  constructor(private readonly step: DecoderStream) {}

  push(tokens: readonly string[]): string[] {
    for (const token of tokens) this.#held.push(token);
    return [];
  }

  end(): string[] {
    return [...this.step.push([this.#held.join('')]), ...this.step.end()];
  }
}
