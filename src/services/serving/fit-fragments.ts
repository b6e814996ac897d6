/** Patched fragments put into a runner, tried there, and taken out again where they do not run. */
import type { ModelRunner } from '../../engine/index.ts';
import { type FragmentRunner, takesFragments } from '../../ports/model-platform.ts';
import type { ModelCode } from './patches.ts';

type Fragments = Pick<ModelCode, 'fragments' | 'fragmentRevision'>;

/** The graph has no fragments to replace, as that of an ONNX file. */
export class NotPatchableError extends Error {
  override readonly name = 'NotPatchableError';
}

/** Tokens of the trial run. */
const TRIED_TOKENS = 3;

/** @throws NotPatchableError */
export function requireFragmentRunner(runner: ModelRunner): FragmentRunner {
  if (takesFragments(runner)) return runner;
  throw new NotPatchableError('The loaded model is an opaque graph: it has no fragments to patch.');
}

/**
 * Sets fragments and runs a few tokens: a graph that the runtime opens may still fail, or give what is no number.
 * @param before what is back in the runner where that fails
 * @throws GraphError, RangeError, and what the runtime throws
 */
export async function fitFragments(runner: FragmentRunner, code: Fragments, before: Fragments): Promise<void> {
  await set(runner, code);
  try {
    const tokenIds = Array.from(
      { length: Math.min(TRIED_TOKENS, runner.shape.maxPositionEmbeddings) },
      (_, i) => i % runner.shape.vocabSize,
    );
    const { logits } = await runner.run([{ tokenIds, past: 0, blockTable: null, logits: 'last' }]);
    const wrong = logits[0]!.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) throw new RangeError(`Logit ${wrong} of a short trial run is ${logits[0]![wrong]}; it must be a finite number.`);
  } catch (error) {
    await set(runner, before);
    throw error;
  }
}

const set = (runner: FragmentRunner, { fragments, fragmentRevision }: Fragments): Promise<void> =>
  runner.setFragments(fragments, fragmentRevision || 'built-in');
