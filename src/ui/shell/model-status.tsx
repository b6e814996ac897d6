/** The active model (id, provider, dtype) or the load in progress; pressing it opens the loader. */
import { useModel, type ModelState } from '../kit/model/use-model.ts';
import { useHealth } from '../kit/client-context.tsx';
import { formatBytes } from '../kit/format.ts';
import { Icon } from '../kit/icons.tsx';
import classes from './shell.module.css';
import { classNames } from '../kit/layout/class-names.ts';

export function ModelStatus({ onOpen }: { onOpen: () => void }) {
  const { worker } = useHealth();
  const { data, error } = useModel();
  const { title, detail, tone, progress } = describe(data, error, worker);
  return (
    <button
      type="button"
      className={classNames(classes.button, classes.model)}
      data-tone={tone}
      onClick={onOpen}
      aria-haspopup="dialog"
      title={`${title} — ${detail}. Load another model.`}
    >
      <Icon name="layers" />
      <span className={classes.modelName}>{title}</span>
      <span className={classes.modelDetail}>{detail}</span>
      {progress !== undefined && (
        <span className={classes.modelProgress} role="progressbar" aria-label="Loading weights" aria-valuenow={Math.round(progress * 100)}>
          <span style={{ transform: `scaleX(${progress})` }} />
        </span>
      )}
    </button>
  );
}

interface Description {
  title: string;
  detail: string;
  tone: 'ok' | 'busy' | 'bad' | 'none';
  progress?: number;
}

function describe(state: ModelState | undefined, error: Error | null, worker: string): Description {
  if (worker === 'failed') return { title: 'No model', detail: 'the worker has stopped', tone: 'bad' };
  if (!state)
    return error
      ? { title: 'No model', detail: error.message, tone: 'bad' }
      : { title: 'Model', detail: 'starting…', tone: 'busy', progress: 0 };
  const { loading, weights } = state;
  if (loading) {
    const { phase, loaded_bytes, total_bytes } = loading;
    const share = total_bytes ? Math.min(1, loaded_bytes / total_bytes) : 0;
    const bytes = phase === 'download' ? `${formatBytes(loaded_bytes)}${total_bytes ? ` of ${formatBytes(total_bytes)}` : ''}` : '';
    return {
      title: weights ? `${weights.model_id} → new` : 'Loading',
      detail: [phase, bytes].filter(Boolean).join(' '),
      tone: 'busy',
      progress: share,
    };
  }
  if (weights) return { title: weights.model_id, detail: `${weights.execution_provider} · ${weights.compute_dtype}`, tone: 'ok' };
  if (state.status === 'failed') return { title: 'No model', detail: 'the load failed', tone: 'bad' };
  return state.status === 'loading'
    ? { title: 'Loading', detail: 'default model', tone: 'busy', progress: 0 }
    : { title: 'No model', detail: 'load one', tone: 'none' };
}
