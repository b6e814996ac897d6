/** What the checker and the disposable worker say to each other. */
import type { CaseResult, Output } from '../../../contract/index.ts';
import type { ComputeDtype, Provider } from '../../../ports/provider.ts';
import type { CompiledModule, Language } from '../compiled-module.ts';

export type Diagnostic = Output<'code', 'testResource'>['diagnostics'][number];

/** The model that a fragment is built for: its numbers, no weights. */
export interface CheckedModel {
  /** `config.json` */
  config: Record<string, unknown>;
  provider: Provider;
  computeDtype: ComputeDtype;
}

export interface CheckRequest {
  /** The resource. */
  id: string;
  source: string;
  language: Language;
  /** `null`: none is loaded, a small one stands in. */
  model: CheckedModel | null;
  /** Names of the cases to run; `null`: all. */
  cases: readonly string[] | null;
}

/** To the worker, first and once: the language of its candidates. Loading what that needs takes longer than a check. */
export interface Preparation {
  prepare: Language;
}

/** From the worker. Every message is a beat of its heart: one that is silent for long computes without end. */
export type CheckMessage =
  /** What its candidates need is there. */
  | { kind: 'ready' }
  /** What it needs for any candidate did not come. */
  | { kind: 'unable'; why: string }
  | { kind: 'beat' }
  /** The source compiled: what the main worker would run. */
  | { kind: 'compiled'; module: CompiledModule | null; compileMs: number }
  | { kind: 'starting'; what: string }
  | { kind: 'case'; result: CaseResult }
  | { kind: 'diagnostic'; diagnostic: Diagnostic }
  /** `spent`: the worker can serve no other candidate. */
  | { kind: 'done'; spent: boolean };

/** All that a check found. It became active only if nothing failed and no diagnostic is an error. */
export interface CheckOutcome {
  diagnostics: Diagnostic[];
  cases: CaseResult[];
  module: CompiledModule | null;
  compileMs: number;
  testMs: number;
}

export const isAccepted = ({ diagnostics, cases }: CheckOutcome): boolean =>
  cases.every(({ passed }) => passed) && !diagnostics.some(({ severity }) => severity === 'error');
