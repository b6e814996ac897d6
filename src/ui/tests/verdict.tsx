/** A case's state as a mark: a shape of its own besides its colour. */
import { Icon, type IconName } from '../kit/icons.tsx';
import type { CaseState } from './bench.ts';
import classes from './marks.module.css';
import { Badge } from '../kit/layout/badge.tsx';

export type Look = 'passed' | 'failed' | 'not_run' | 'running' | 'waiting';

export const LOOK_LABELS: Readonly<Record<Look, string>> = {
  passed: 'passed',
  failed: 'failed',
  not_run: 'not run',
  running: 'running',
  waiting: 'waiting',
};

export const lookOf = ({ verdict, running, waiting }: CaseState): Look =>
  running ? 'running' : waiting ? 'waiting' : (verdict ?? 'not_run');

const ICONS: Partial<Record<Look, IconName>> = { passed: 'check', failed: 'close' };

export function Mark({ look, size = 14 }: { look: Look; size?: number }) {
  const icon = ICONS[look];
  return (
    <span className={classes.mark} data-look={look} style={{ width: size, height: size }}>
      {icon ? <Icon name={icon} size={size} strokeWidth={2} /> : <i />}
      <span className="gb-sr-only">{LOOK_LABELS[look]}</span>
    </span>
  );
}

/** The state in words, coloured, for the head of a case. */
export function StateBadge({ look }: { look: Look }) {
  return (
    <Badge tone={look === 'passed' ? 'ok' : look === 'failed' ? 'bad' : 'quiet'}>
      <Mark look={look} size={12} /> <span aria-hidden="true">{LOOK_LABELS[look]}</span>
    </Badge>
  );
}
