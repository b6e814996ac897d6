/** What a plot is made of; in a file apart, since all that draw one need it. */
import type { ScriptOutput } from '../../../contract/code-run.ts';

export type PlotData = Extract<ScriptOutput, { event: 'plot' }>['data'];
