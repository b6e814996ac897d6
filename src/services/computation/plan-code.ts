/** Which code a plan runs: the revisions that it names, for the rest the active ones, and the built-in code where neither is patched. */
import { ApiError, type ErrorItem } from '../../contract/index.ts';
import type { EvictionSource, PolicySource, SamplingFunction } from '../../engine/index.ts';
import type { ModelFragments } from '../../engine/graph/index.ts';
import { lru } from '../../patchable/memory/index.ts';
import sample from '../../patchable/sampler/default.ts';
import { POLICIES } from '../../patchable/scheduler/index.ts';
import { patchedEviction } from '../serving/patches.ts';
import type { PlanFields, PlanUsed } from './plan.ts';

const FRAGMENTS = ['model.attention', 'model.mlp', 'model.norm', 'model.position'] as const;
/** The code resources that a plan runs. */
const RESOURCES = [...FRAGMENTS, 'sampler', 'scheduler.policy', 'memory.eviction'] as const;
export type PlanResource = (typeof RESOURCES)[number];

/** A version of a resource, to run beside what is active. */
export interface CodeVersion {
  revisionId: string;
  builtIn: boolean;
  /** The version that came with the workbench whose source it is. */
  variant: string | null;
  /** Compiles and runs it anew, and gives its default export. */
  load(): Promise<unknown>;
}

/** What plans need of code that is patched and of its history. */
export interface CodeSource {
  /** Of what is patched, by resource. */
  activeRevisions(): Readonly<Record<string, string>>;
  /** A kept revision or the built-in one. Rejects with ApiError not_found. */
  revision(id: string, revisionId: string): Promise<CodeVersion>;
}

export interface PlanCode {
  /** As it runs: `patched` where a revision takes the place of the one that the plan names. */
  kernel: string;
  policy: PlanFields['policy'];
  /** Versions by resource: those that the plan names, and the active ones of what it leaves open. */
  versions: ReadonlyMap<PlanResource, CodeVersion>;
  revisions: Record<string, string>;
  /** Revisions that there are not; paths are JSON Pointers into the plan. */
  problems: ErrorItem[];
  fallbacks: PlanUsed['fallbacks'];
}

/** Finds the code of a plan; compiles nothing. */
export async function findCode(plan: PlanFields, source: CodeSource): Promise<PlanCode> {
  const versions = new Map<PlanResource, CodeVersion>();
  const problems: ErrorItem[] = [];
  const find = async (id: PlanResource, revisionId: string): Promise<void> => {
    try {
      versions.set(id, await source.revision(id, revisionId));
    } catch (error) {
      problems.push({ path: pointerTo(id), message: ApiError.from(error).message });
    }
  };
  for (const [id, revisionId] of Object.entries(plan.code_revisions)) {
    if (isPlanResource(id)) await find(id, revisionId);
    else problems.push({ path: pointerTo(id), message: `names no code that plans run; there are ${RESOURCES.join(', ')}.` });
  }
  const active = source.activeRevisions();
  // A kernel or a policy that the plan calls by name needs no revision.
  const isOpen = (id: PlanResource): boolean =>
    plan.code_revisions[id] === undefined &&
    (id !== 'model.attention' || plan.kernel === 'patched') &&
    (id !== 'scheduler.policy' || plan.policy === 'patched');
  const open = RESOURCES.filter(isOpen);
  for (const id of open) if (active[id] !== undefined) await find(id, active[id]);
  for (const [field, id] of NAMED_BY)
    if (plan[field] === 'patched' && isOpen(id) && active[id] === undefined)
      problems.push({
        path: `/${field}`,
        message: `is "patched", but the code resource ${id} is not: PUT /code/resources/${id} patches it, or name one of its revisions in code_revisions.`,
      });
  const code: PlanCode = {
    kernel: nameOf(versions.get('model.attention'), plan.kernel),
    policy: nameOf(versions.get('scheduler.policy'), plan.policy),
    versions,
    revisions: Object.fromEntries(Array.from(versions, ([id, { revisionId }]) => [id, revisionId])),
    problems,
    fallbacks: [],
  };
  for (const [field, id] of NAMED_BY)
    if (code[field] !== plan[field])
      code.fallbacks.push({
        ...{ field, asked: plan[field], used: code[field] },
        reason: `code_revisions names revision ${plan.code_revisions[id]} of ${id}, which takes its place.`,
      });
  const added = open.filter((id) => versions.has(id) && !NAMED_BY.some(([, named]) => named === id));
  if (added.length > 0)
    code.fallbacks.push({
      ...{ field: 'code_revisions', asked: plan.code_revisions, used: code.revisions },
      reason: `The plan names no revision of ${added.join(', ')}: the active version runs.`,
    });
  return code;
}

/** The field of a plan that names a version of a resource. */
const NAMED_BY = [
  ['kernel', 'model.attention'],
  ['policy', 'scheduler.policy'],
] as const;

const isPlanResource = (id: string): id is PlanResource => RESOURCES.some((known) => known === id);
const pointerTo = (id: string): string => `/code_revisions/${id.replaceAll('~', '~0').replaceAll('/', '~1')}`;

function nameOf<N extends string>(version: CodeVersion | undefined, asked: N): N {
  if (!version) return asked;
  return (version.builtIn ? (version.variant ?? asked) : 'patched') as N;
}

/** Code that stands ready to run. */
export interface LoadedCode {
  /** Those that are not built in. */
  fragments: Partial<ModelFragments>;
  /** Of the fragments; empty where all are built in. */
  fragmentRevision: string;
  sample: SamplingFunction;
  policy: PolicySource;
  eviction: EvictionSource;
}

/** @throws ApiError code_invalid naming the resource that does not run */
export async function loadCode({ policy, versions }: PlanCode): Promise<LoadedCode> {
  const loaded = new Map<PlanResource, unknown>();
  for (const [id, version] of versions) {
    if (version.builtIn) continue;
    try {
      loaded.set(id, await version.load());
    } catch (error) {
      const { message } = ApiError.from(error);
      throw new ApiError('code_invalid', `Revision ${version.revisionId} of ${id} does not run: ${message}`, [
        { path: pointerTo(id), message },
      ]);
    }
  }
  const fragments = FRAGMENTS.filter((id) => loaded.has(id));
  return {
    fragments: Object.fromEntries(fragments.map((id) => [id.slice(id.indexOf('.') + 1), loaded.get(id)])),
    fragmentRevision: fragments.map((id) => `${id}@${versions.get(id)!.revisionId}`).join('+'),
    sample: (loaded.get('sampler') as SamplingFunction | undefined) ?? sample,
    policy: (loaded.get('scheduler.policy') as PolicySource | undefined) ?? POLICIES.find(({ name }) => name === policy)!,
    eviction: loaded.has('memory.eviction') ? patchedEviction(loaded.get('memory.eviction')) : lru,
  };
}
