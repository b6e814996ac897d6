/** How far a load is, what came of it, or what was wrong. */
import { Progress } from '@mantine/core';
import { formatBytes, formatCount, formatMs } from '../../kit/format.ts';
import { useIsSaid } from '../../kit/entry/form-faults.tsx';
import { Icon } from '../../kit/icons.tsx';
import { faultSentence, problemParts } from '../../kit/problem/problem-parts.ts';
import classes from './model-loader.module.css';
import type { Load } from './use-load.ts';
import { Callout } from '../../kit/layout/callout.tsx';

const PHASES = [
  ['resolve', 'find the files'],
  ['download', 'download'],
  ['verify', 'verify'],
  ['build', 'build the graph'],
  ['swap', 'swap'],
] as const;

/** Of the single faults of a folder, those that are told one by one. */
const LISTED = 3;

export function LoadProgress({ load, isUpload }: { load: Load; isUpload: boolean }) {
  const isSaid = useIsSaid();
  if (load.status === 'idle') return null;
  if (load.status === 'failed') {
    const { problem } = load;
    const { text, items } = problemParts({ code: problem.code, text: problem.detail, errors: problem.errors });
    const unsaid = items.filter(({ path }) => !isSaid(path));
    if (text === null && unsaid.length === 0) return null;
    const more = unsaid.length - LISTED;
    return (
      <Callout className={classes.result} tone={problem.code === 'cancelled' ? 'quiet' : 'bad'} role="alert">
        <b>{problem.title}</b>
        {text !== null && <p>{text}</p>}
        {unsaid.slice(0, LISTED).map((item) => (
          <p key={item.path + item.message}>{faultSentence(item)}</p>
        ))}
        {more > 0 && <p>and {more} more</p>}
      </Callout>
    );
  }
  if (load.status === 'done') {
    const { weights } = load;
    return (
      <Callout className={classes.result} tone="ok" role="status">
        <b>
          <Icon name="check" size={14} /> {weights.model_id} is loaded
        </b>
        <p>
          {formatCount(weights.parameters)} parameters on {weights.execution_provider} in {weights.compute_dtype}, loaded in{' '}
          {formatMs(weights.load_ms)}
          {weights.from_cache ? ' from the cache' : ''}.
        </p>
      </Callout>
    );
  }
  const { progress } = load;
  const at = PHASES.findIndex(([phase]) => phase === progress?.phase);
  const share = progress?.total_bytes ? (progress.loaded_bytes / progress.total_bytes) * 100 : undefined;
  return (
    <div className={classes.progress} role="status">
      <ol>
        {PHASES.map(([phase, label], index) => (
          <li key={phase} data-state={index < at ? 'past' : index === at ? 'now' : 'next'}>
            {phase === 'download' && isUpload ? 'read the files' : label}
          </li>
        ))}
      </ol>
      <Progress value={share ?? 100} animated={share === undefined} size="sm" aria-label="Progress of this phase" />
      <p>
        <span>{progress?.file ?? ' '}</span>
        <span className="gb-num">
          {progress && progress.loaded_bytes > 0 ? formatBytes(progress.loaded_bytes) : ''}
          {progress?.total_bytes ? ` of ${formatBytes(progress.total_bytes)}` : ''}
        </span>
      </p>
    </div>
  );
}
