/** The model that serves now, in the figures that tell one from another. */
import { formatBytes, formatCount } from '../kit/format.ts';
import type { ModelState } from '../kit/use-model.ts';
import classes from './model-loader.module.css';

export function InForce({ model }: { model: ModelState | undefined }) {
  const weights = model?.weights;
  if (!weights) return <p className={classes.none}>{model?.error ?? 'No model is in force.'}</p>;
  return (
    <section className={classes.inForce} aria-label="Model in force">
      <span className="gb-label">In force</span>
      <b>{weights.model_id}</b>
      <span>
        {weights.architecture} · {formatCount(weights.parameters)} parameters · {formatBytes(weights.bytes)} {weights.dtype} ·{' '}
        {weights.execution_provider} {weights.compute_dtype}
      </span>
      <code title="Hash of the weights">{weights.weights_hash.slice(0, 16)}</code>
    </section>
  );
}
