/** Says why nothing can be generated yet, with the progress of what is being waited for. */
import { Progress } from '@mantine/core';
import { useHealth } from '../client-context.tsx';
import { formatBytes } from '../format.ts';
import { Icon } from '../icons.tsx';
import type { ModelState } from './use-model.ts';
import classes from '../problem/notices.module.css';

const PHASES = {
  resolve: 'Looking for the files',
  download: 'Fetching',
  verify: 'Checking every tensor',
  build: 'Building the graph',
  swap: 'Activating the new weights',
} as const;

export function ModelNotice({ model }: { model: ModelState | undefined }) {
  const { worker, failure } = useHealth();
  if (worker === 'failed')
    return <Notice icon="warning" title="The worker has stopped" text={failure ?? 'Reload the page to start it again.'} />;
  if (!model)
    return <Notice icon="info" title="The workbench starts" text="The worker that holds tokenizer and model is on its way." busy />;
  const { status, error, loading, weights } = model;
  if (loading) {
    const { phase, file, loaded_bytes, total_bytes } = loading;
    const share = total_bytes ? (100 * loaded_bytes) / total_bytes : null;
    return (
      <Notice
        icon="download"
        title={weights ? `${weights.model_id} serves on while another model loads` : 'The model is loading'}
        text={[
          PHASES[phase],
          file,
          phase === 'download' && `${formatBytes(loaded_bytes)}${total_bytes ? ` of ${formatBytes(total_bytes)}` : ''}`,
        ]
          .filter(Boolean)
          .join(' · ')}
        busy
        share={share}
      />
    );
  }
  if (status === 'loading') return <Notice icon="download" title="The model is loading" text="The prompt can be written meanwhile." busy />;
  if (weights) return null;
  if (status === 'failed')
    return (
      <Notice
        icon="warning"
        title="The model could not be loaded"
        text={`${error ?? 'No reason was given.'} Load it again or choose another one in the bar at the top.`}
      />
    );
  return (
    <Notice
      icon="layers"
      title="No model is loaded"
      text="Choose one in the bar at the top: the bundled model, a folder at a URL, the Hugging Face hub, or your own files."
    />
  );
}

interface NoticeProps {
  icon: 'warning' | 'info' | 'download' | 'layers';
  title: string;
  text: string;
  busy?: boolean;
  share?: number | null;
}

function Notice({ icon, title, text, busy = false, share = null }: NoticeProps) {
  return (
    <section className={classes.notice} aria-live="polite" data-bad={icon === 'warning' || undefined}>
      <Icon name={icon} />
      <div>
        <h3>{title}</h3>
        <p>{text}</p>
        {busy && <Progress size={3} mt={8} value={share ?? 100} animated={share === null} aria-label={title} />}
      </div>
    </section>
  );
}
