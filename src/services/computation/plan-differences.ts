/** How a plan differs from what is active: generations run in the one engine, so a plan can bind one only where they are equal. */
import type { ErrorItem } from '../../contract/index.ts';
import { DEFAULT_KERNEL } from '../../patchable/model/index.ts';
import { kindOf } from '../code/kinds/index.ts';
import { nameOf } from '../scheduler/policy.ts';
import type { ServingModel } from '../serving/active-model.ts';
import { BUILT_IN } from '../serving/patches.ts';
import type { PlanFields } from '../../contract/plan.ts';
import { type CodeSource, type CodeVersion, findCode, namedBy } from './plan-code.ts';

/**
 * An item for each field of the engine that differs: what the plan asks for, what is active, and the call that makes it active.
 * Fields that are about a workload bind nothing, and `auto` takes what is active.
 */
export async function differencesOf(plan: PlanFields, model: ServingModel, code: CodeSource): Promise<ErrorItem[]> {
  const { config } = model.engine;
  const { problems, versions } = await findCode(plan, code);
  const differences = [...problems];
  const compare = (field: keyof PlanFields, asked: unknown, active: unknown, call: string): void => {
    if (asked !== active)
      differences.push({
        path: `/${field}`,
        message: `asks for ${JSON.stringify(asked)}; active is ${JSON.stringify(active)}. ${call}`,
      });
  };
  const active = code.activeRevisions();
  for (const [id, version] of versions) {
    if (plan.code_revisions[id] === undefined || isActive(id, version, model, active[id])) continue;
    differences.push({
      path: `/code_revisions/${id}`,
      message: `asks for ${version.revisionId}; active is ${active[id] ?? 'another version that came with the workbench'}. POST /code/resources/${id}/revert with this revision_id makes it active.`,
    });
  }
  if (plan.code_revisions[namedBy('kernel')] === undefined && plan.kernel !== 'patched')
    compare('kernel', plan.kernel, await activeKernel(model, code), callForKernel(plan, model));
  if (plan.execution_provider !== 'auto')
    compare(
      'execution_provider',
      plan.execution_provider,
      model.provider,
      `PUT /model/weights with this execution_provider loads it there.`,
    );
  if (plan.compute_dtype !== 'auto')
    compare('compute_dtype', plan.compute_dtype, model.computeDtype, 'PUT /model/weights with this compute_dtype loads it so.');
  const memory = (field: string) => `PUT /memory/config with this ${field} makes it active.`;
  compare('memory_strategy', plan.memory_strategy, config.strategy, memory('strategy'));
  compare(
    'block_size',
    plan.block_size,
    config.blockSize,
    `The pool of the loaded weights has this size for good: PUT /computation/plans/{id} with block_size ${config.blockSize} fits the plan to it.`,
  );
  compare('prefix_caching', plan.prefix_caching, config.prefixCaching, memory('prefix_caching'));
  const policy = (field: string) => `PUT /scheduler/policy with this ${field} makes it active.`;
  if (plan.code_revisions[namedBy('policy')] === undefined && plan.policy !== 'patched')
    compare('policy', plan.policy, nameOf(config.policy), policy('policy'));
  compare('step_mode', plan.step_mode, config.mode, policy('step_mode'));
  compare('token_budget', plan.token_budget, config.tokenBudget, policy('token_budget'));
  compare('chunk_size', plan.chunk_size, config.chunkSize, policy('chunk_size'));
  return differences;
}

/** The built-in policy and rule have others beside them that are chosen by name. */
function isActive(
  id: string,
  { builtIn, revisionId }: CodeVersion,
  { engine: { config } }: ServingModel,
  patch: string | undefined,
): boolean {
  if (!builtIn || patch !== undefined) return revisionId === patch;
  const { chosenBy } = kindOf(id)!;
  return chosenBy === null || config[chosenBy] === BUILT_IN[chosenBy];
}

/** A patch whose source is a kernel that came with the workbench is that kernel. */
async function activeKernel(model: ServingModel, code: CodeSource): Promise<string> {
  if (model.folder.graph) return 'the ONNX graph of its own';
  const id = namedBy('kernel');
  const patch = code.activeRevisions()[id];
  if (patch === undefined) return DEFAULT_KERNEL[model.provider];
  return (await code.revision(id, patch)).variant ?? 'patched';
}

function callForKernel({ kernel }: PlanFields, model: ServingModel): string {
  if (model.folder.graph) return 'PUT /model/weights with safetensors loads a model that is built from kernels.';
  if (kernel === DEFAULT_KERNEL[model.provider]) return `POST /code/resources/${namedBy('kernel')}/revert makes it active.`;
  return `PUT /code/resources/${namedBy('kernel')} with the source of its variant "${kernel}" makes it active.`;
}
