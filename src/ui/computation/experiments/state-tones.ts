/** How the state of an experiment is coloured. */
import type { Output } from '../../../contract/index.ts';
import type { Tone } from '../../kit/layout/badge.tsx';

type State = Output<'computation', 'experiments'>['experiments'][number]['state'];

export const STATE_TONES: Record<State, Tone> = { queued: 'quiet', running: 'accent', done: 'ok', failed: 'bad', cancelled: 'warn' };
