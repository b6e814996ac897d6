/** Names a stage of tokenizer.json for people: `Sequence(NFKC, Replace)`. */
import type { JsonPart } from './json-part.ts';

const CHILDREN = ['normalizers', 'pretokenizers', 'processors', 'decoders'];

export function stageName(stage: JsonPart | null): string | null {
  if (!stage) return null;
  const children = CHILDREN.flatMap((key) => stage.parts(key, []));
  return children.length === 0 ? stage.text('type') : `${stage.text('type')}(${children.map(stageName).join(', ')})`;
}
