/** The model that serves now, in the figures that tell one from another. */
import { formatBytes, formatCount } from '../../kit/format.ts';
import type { ModelState } from '../../kit/model/use-model.ts';
import classes from './model-loader.module.css';

interface Props {
  model: ModelState | undefined;
  /** A load that failed just now says why itself. */
  isSaid: boolean;
}

export function LoadedModel({ model, isSaid }: Props) {
  const weights = model?.weights;
  if (!weights) return <p className={classes.none}>{(!isSaid && model?.error) || 'No model is loaded.'}</p>;
  return (
    <section className={classes.loaded} aria-label="Loaded model">
      <span className="gb-label">Loaded</span>
      <b>{weights.model_id}</b>
      <span>
        {weights.architecture} · {formatCount(weights.parameters)} parameters · {formatBytes(weights.bytes)} {weights.dtype} ·{' '}
        {weights.execution_provider} {weights.compute_dtype}
      </span>
      <code title="Hash of the weights">{weights.weights_hash.slice(0, 16)}</code>
    </section>
  );
}
