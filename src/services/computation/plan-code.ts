/** Which code a plan runs: the revisions that it names, for the rest the active ones, and the built-in code where neither is patched. */
import { ApiError, type ErrorItem } from '../../contract/index.ts';
import type { PlanFields } from '../../contract/plan.ts';
import type { ModelFragments } from '../../engine/graph/index.ts';
import { POLICIES } from '../../patchable/scheduler/index.ts';
import { KINDS, type RunCode } from '../code/kinds/index.ts';
import { BUILT_IN, fragmentsOf, isFragment, runCodeOf } from '../serving/patches.ts';
import type { PlanUsed } from './plan.ts';

/** The kinds of code that a plan runs. */
const KINDS_RUN = KINDS.filter(({ inPlan }) => inPlan !== null);
const RESOURCES = KINDS_RUN.map(({ id }) => id);

/** Fields of a plan that name a version of a resource. */
type Naming = 'kernel' | 'policy';
/** The resource that a field names. */
export const namedBy = (field: Naming): string => KINDS_RUN.find(({ inPlan }) => inPlan === field)!.id;
const NAMED_BY = (['kernel', 'policy'] as const).map((field) => [field, namedBy(field)] as const);

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
  versions: ReadonlyMap<string, CodeVersion>;
  revisions: Record<string, string>;
  /** Revisions that there are not; paths are JSON Pointers into the plan. */
  problems: ErrorItem[];
  fallbacks: PlanUsed['fallbacks'];
}

/** Finds the code of a plan; compiles nothing. */
export async function findCode(plan: PlanFields, source: CodeSource): Promise<PlanCode> {
  const versions = new Map<string, CodeVersion>();
  const problems: ErrorItem[] = [];
  const find = async (id: string, revisionId: string): Promise<void> => {
    try {
      versions.set(id, await source.revision(id, revisionId));
    } catch (error) {
      problems.push({ path: pointerTo(id), message: ApiError.from(error).message });
    }
  };
  for (const [id, revisionId] of Object.entries(plan.code_revisions)) {
    if (RESOURCES.includes(id)) await find(id, revisionId);
    else problems.push({ path: pointerTo(id), message: `names no code that plans run; there are ${RESOURCES.join(', ')}.` });
  }
  const active = source.activeRevisions();
  // A kernel or a policy that the plan calls by name needs no revision.
  const isOpen = (id: string): boolean =>
    plan.code_revisions[id] === undefined && NAMED_BY.every(([field, named]) => id !== named || plan[field] === 'patched');
  const open = RESOURCES.filter(isOpen);
  for (const id of open) if (active[id] !== undefined) await find(id, active[id]);
  for (const [field, id] of NAMED_BY)
    if (plan[field] === 'patched' && isOpen(id) && active[id] === undefined)
      problems.push({
        path: `/${field}`,
        message: `is "patched", but the code resource ${id} is not: PUT /code/resources/${id} patches it, or name one of its revisions in code_revisions.`,
      });
  const code: PlanCode = {
    kernel: nameOf(versions.get(namedBy('kernel')), plan.kernel),
    policy: nameOf(versions.get(namedBy('policy')), plan.policy),
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

const pointerTo = (id: string): string => `/code_revisions/${id.replaceAll('~', '~0').replaceAll('/', '~1')}`;

function nameOf<N extends string>(version: CodeVersion | undefined, asked: N): N {
  if (!version) return asked;
  return (version.builtIn ? (version.variant ?? asked) : 'patched') as N;
}

/** Code that stands ready to run. */
export interface LoadedCode extends Omit<RunCode, 'normalize'> {
  /** Those that are not built in. */
  fragments: Partial<ModelFragments>;
  /** Of the fragments; empty where all are built in. */
  fragmentRevision: string;
}

/** @throws ApiError code_invalid naming the resource that does not run */
export async function loadCode({ policy, versions }: PlanCode): Promise<LoadedCode> {
  const loaded = new Map<string, unknown>();
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
  const fragments = RESOURCES.filter((id) => isFragment(id) && loaded.has(id));
  return {
    ...runCodeOf(loaded, { ...BUILT_IN, policy: POLICIES.find(({ name }) => name === policy)! }),
    fragments: fragmentsOf(loaded),
    fragmentRevision: fragments.map((id) => `${id}@${versions.get(id)!.revisionId}`).join('+'),
  };
}
