/** Patched code between its source and its running: what the worker that checks it hands to the one that runs it. */
import type { Output } from '../../contract/index.ts';
import type { PositionIn } from './source-lines.ts';

export type Language = Output<'code', 'resource'>['language'];

/** Text alone, so that it crosses from the worker that checked it to the one that runs it. */
export interface CompiledModule {
  name: string;
  language: 'typescript' | 'python';
  /** JavaScript with the positions of the source; Python as it is. */
  body: string;
  /** Statements in front of it that bind what it imports. */
  bindings: string;
  /** Of `KNOWN_MODULES`, in the order in which the bindings count them. */
  imports: string[];
  lines: number;
}

export interface Instance {
  default: unknown;
  positionIn: PositionIn;
}
