/** What a tapped graph is given besides its usual inputs. */
import type { Tensor } from 'onnxruntime-web';
import { type HookPoint, tapInputs } from '../../engine/graph/index.ts';
import type { Tap } from '../../engine/model-runner.ts';
import type { Batch } from './batch.ts';
import type { OrtModule } from './ort.ts';

/** Two tensors per tapped hook point, [B, T, …]; rows without a tap there keep their values. */
export function tapFeeds(
  ort: OrtModule,
  { places, numTokens }: Batch,
  taps: readonly Tap[],
  hookPoints: readonly HookPoint[],
): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  for (const hookPoint of new Set(taps.map((tap) => tap.hookPoint))) {
    const tokenShape = hookPoints.find(({ name }) => name === hookPoint)?.tokenShape ?? []; // the graph has refused what cannot be tapped
    const size = tokenShape.reduce((product, dim) => product * dim, numTokens);
    const scale = new Float32Array(places.length * size).fill(1);
    const offset = new Float32Array(places.length * size);
    for (const { row, change } of taps.filter((tap) => tap.hookPoint === hookPoint && places.includes(tap.row))) {
      const at = places.indexOf(row);
      const changed = change();
      scale.set(changed.scale, at * size);
      offset.set(changed.offset, at * size);
    }
    const dims = [places.length, numTokens, ...tokenShape];
    const names = tapInputs(hookPoint);
    feeds[names.scale] = new ort.Tensor('float32', scale, dims);
    feeds[names.offset] = new ort.Tensor('float32', offset, dims);
  }
  return feeds;
}
