/** Candidates checked before anything is changed: which checker is for which language, what it found, and what a fragment does to the model. */
import { ApiError, invalidInput, type CallContext, type Output, type ParsedInput } from '../../contract/index.ts';
import { takesFragments } from '../../ports/model-platform.ts';
import type { ActiveModel } from '../serving/active-model.ts';
import { codeOf } from '../serving/patches.ts';
import type { CandidateChecker } from './check/candidate-checker.ts';
import { type CheckedModel, type CheckOutcome, isAccepted } from './check/protocol.ts';
import type { CompiledModule, Language } from './compiled-module.ts';
import type { EffectMeter } from './effect.ts';
import { kindOf } from './kinds/index.ts';
import { kernelOf, kernelTrials } from './kernel/kernel-cases.ts';
import type { KernelChecker } from './kernel/kernel-checker.ts';
import { loadVersion } from './load-version.ts';
import type { RevisionHistory } from './revision-history.ts';

type Report = Pick<Output<'code', 'testResource'>, 'diagnostics' | 'passed' | 'failed' | 'cases' | 'compile_ms' | 'test_ms'>;

interface Candidate {
  id: string;
  source: string;
  language: Language;
}

export class Checking {
  constructor(
    private readonly active: ActiveModel,
    private readonly history: RevisionHistory,
    private readonly checker: CandidateChecker,
    private readonly kernels: KernelChecker,
    private readonly effects: EffectMeter,
  ) {
    active.onChanged(({ what }) => {
      if (what === 'model') this.warmUp();
    });
  }

  /** The next candidate need not wait for its worker. */
  warmUp(): void {
    void this.checker.warmUp();
  }

  /** @param cases names of those to run; `null`: all */
  check(
    { id, source, language }: Candidate,
    cases: readonly string[] | null,
    limitMs: number,
    signal: AbortSignal | undefined,
  ): Promise<CheckOutcome> {
    const kernel = kernelOf(id);
    if (kernel) return this.kernels.check(kernel, source, cases, limitMs, signal);
    return this.checker.check({ id, source, language, model: this.#checkedModel(), cases }, limitMs, signal);
  }

  async testResource(input: ParsedInput<'code', 'testResource'>, { signal }: CallContext): Promise<Output<'code', 'testResource'>> {
    const { id, cases } = input;
    await this.history.require(id);
    const candidate = input.source !== undefined;
    const { source, language } = candidate
      ? { source: input.source!, language: this.language(id, input.language) }
      : await this.history.active(id);
    const names = examplesOf(id).map(({ name }) => name);
    const unknown = cases?.filter((name) => !names.includes(name)) ?? [];
    if (unknown.length > 0) {
      throw new ApiError(
        'not_found',
        `${id} has no case ${unknown.map((name) => `"${name}"`).join(', ')}; it has ${names.join(', ') || 'none'}.`,
      );
    }
    const outcome = await this.check({ id, source, language }, cases ?? null, input.time_limit_ms, signal);
    const effect =
      input.compare && isAccepted(outcome) && outcome.module ? await this.#effect({ id, source, language }, outcome.module) : null;
    return { id, candidate, ...reportOf(outcome), effect };
  }

  /** @throws ApiError validation_failed naming those in which it can be written */
  language(id: string, wanted: Language | undefined): Language {
    const languages = this.history.languages(id);
    const language = wanted ?? languages[0]!;
    if (languages.includes(language)) return language;
    throw invalidInput([{ path: '/language', message: `must be ${languages.join(' or ')} for ${id}; it is "${language}".` }]);
  }

  /** What fragments are checked against; `null` while none is loaded. */
  #checkedModel(): CheckedModel | null {
    const model = this.active.current;
    return model && takesFragments(model.runner)
      ? { config: model.folder.config, provider: model.provider, computeDtype: model.computeDtype }
      : null;
  }

  async #effect({ id, source, language }: Candidate, module: CompiledModule): Promise<Output<'code', 'testResource'>['effect']> {
    const model = this.active.current;
    if (!model || !this.#checkedModel() || !kindOf(id)?.fragment) return null;
    const version = { revisionId: 'candidate', language, source };
    const loaded = await loadVersion(id, version, module);
    const { fragments } = codeOf(new Map([[id, { ...version, ...loaded }]]), model.provider);
    return this.effects.measure(model, fragments).finally(loaded.end);
  }
}

/** The cases of a resource. */
export const examplesOf = (id: string): { name: string; description: string }[] => {
  const kernel = kernelOf(id);
  return (kernel ? kernelTrials(kernel) : (kindOf(id)?.cases ?? [])).map(({ name, description }) => ({ name, description }));
};

export const reportOf = ({ diagnostics, cases, compileMs, testMs }: CheckOutcome): Report => ({
  diagnostics,
  passed: cases.filter(({ passed }) => passed).length,
  failed: cases.filter(({ passed }) => !passed).length,
  cases,
  compile_ms: compileMs,
  test_ms: Math.max(0, testMs),
});

/** Why a candidate does not become active. */
export function rejected(id: string, { diagnostics, cases }: CheckOutcome): ApiError {
  const errors = diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ line, column, message }) => ({ path: line === null ? 'source' : `source:${line}:${column ?? 1}`, message }))
    // Several cases may meet the same mistake.
    .filter(({ message }, i, all) => all.findIndex((each) => each.message === message) === i);
  if (errors.length === 0) errors.push({ path: 'source', message: `The case “${cases.find(({ passed }) => !passed)?.name}” failed.` });
  const [first] = errors;
  const more = errors.length > 1 ? ` And ${errors.length - 1} more.` : '';
  return new ApiError(
    'code_invalid',
    `${id} was not changed. ${first!.path.replace('source:', 'Line ').replace(/^source$/, 'The candidate')}: ${first!.message}${more}`,
    errors,
  );
}
