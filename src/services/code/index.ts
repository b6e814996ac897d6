/** The code service: code resources that can be patched while they run, and scripts. */
import { type CallContext, type Implementation, type Output, type ParsedInput, type ServiceState } from '../../contract/index.ts';
import type { ActiveModel } from '../serving/active-model.ts';
import type { Checking } from './checking.ts';
import { compareVersions } from './comparison.ts';
import { Patching } from './patching.ts';
import { listResources, listRevisions, readResource } from './resources.ts';
import type { RevisionHistory } from './revision-history.ts';
import { runScript } from './run-script.ts';
import type { ScriptRunner } from './script-runner.ts';
import type { VersionComparer } from './version-comparer.ts';

export interface CodeOptions {
  scripts: ScriptRunner;
  active: ActiveModel;
  history: RevisionHistory;
  checking: Checking;
  comparer: VersionComparer;
  /** What of the last visit is active again: nothing is told, and nothing changed, before. */
  restored: Promise<void>;
}

export class CodeService implements Implementation<'code'> {
  readonly #options: CodeOptions;
  readonly #patching: Patching;

  constructor(options: CodeOptions) {
    this.#options = options;
    this.#patching = new Patching(options.active, options.history, options.checking);
  }

  state(): ServiceState<'code'> {
    return { ...this.#options.scripts.counts, patched: this.#options.active.revisions() };
  }

  async resources(input: ParsedInput<'code', 'resources'>): Promise<Output<'code', 'resources'>> {
    await this.#options.restored;
    this.#options.checking.warmUp();
    return listResources(this.#options.history, input);
  }

  async resource(input: ParsedInput<'code', 'resource'>): Promise<Output<'code', 'resource'>> {
    await this.#options.restored;
    return readResource(this.#options.history, input);
  }

  async patch(input: ParsedInput<'code', 'patch'>, context: CallContext): Promise<Output<'code', 'patch'>> {
    await this.#options.restored;
    return this.#patching.patch(input, context);
  }

  async remove(input: ParsedInput<'code', 'remove'>): Promise<Output<'code', 'remove'>> {
    await this.#options.restored;
    return this.#patching.remove(input);
  }

  async revisions(input: ParsedInput<'code', 'revisions'>): Promise<Output<'code', 'revisions'>> {
    await this.#options.restored;
    return listRevisions(this.#options.history, input);
  }

  async revert(input: ParsedInput<'code', 'revert'>): Promise<Output<'code', 'revert'>> {
    await this.#options.restored;
    return this.#patching.revert(input);
  }

  async compareVersions(input: ParsedInput<'code', 'compareVersions'>, context: CallContext): Promise<Output<'code', 'compareVersions'>> {
    await this.#options.restored;
    return compareVersions(input, context, this.#options);
  }

  async testResource(input: ParsedInput<'code', 'testResource'>, context: CallContext): Promise<Output<'code', 'testResource'>> {
    await this.#options.restored;
    return this.#options.checking.testResource(input, context);
  }

  run(input: ParsedInput<'code', 'run'>, context: CallContext): ReturnType<typeof runScript> {
    return runScript(this.#options.scripts, input, context);
  }
}
