/** Code resources as the contract tells them: what there is, the source of a version, and the history of each. */
import type { Output, ParsedInput } from '../../contract/index.ts';
import { describe } from './catalogue.ts';
import { examplesOf } from './checking.ts';
import { declarationsOf } from './declarations.ts';
import type { RevisionHistory, Version } from './revision-history.ts';

export type Summary = Output<'code', 'resources'>['resources'][number];

export async function listResources(
  history: RevisionHistory,
  { service, kind, patched }: ParsedInput<'code', 'resources'>,
): Promise<Output<'code', 'resources'>> {
  const all = await Promise.all((await history.ids()).map((id) => summaryOf(history, id)));
  return {
    resources: all.filter(
      (each) =>
        (service === undefined || each.service === service) &&
        (kind === undefined || each.kind === kind) &&
        (patched === undefined || each.patched === patched),
    ),
  };
}

export async function readResource(
  history: RevisionHistory,
  { id, revision_id }: ParsedInput<'code', 'resource'>,
): Promise<Output<'code', 'resource'>> {
  await history.require(id);
  const version = revision_id === undefined ? await history.active(id) : await history.version(id, revision_id);
  const definition = history.definition(id);
  return {
    ...(await summaryOf(history, id)),
    source: version.source,
    signature: definition?.signature ?? '',
    declarations: definition?.languages.includes('typescript') ? await declarationsOf() : '',
    variants: [...(definition?.variants ?? [])],
    examples: examplesOf(id),
  };
}

export async function listRevisions(
  history: RevisionHistory,
  { id }: ParsedInput<'code', 'revisions'>,
): Promise<Output<'code', 'revisions'>> {
  await history.require(id);
  const active = await history.active(id);
  const versions = await history.versions(id);
  return {
    id,
    revisions: versions.map(({ revisionId, language, source, message, builtIn, createdAt }) => ({
      ...{ revision_id: revisionId, language, source, message, built_in: builtIn, created_at: createdAt },
      active: revisionId === active.revisionId,
    })),
  };
}

export async function summaryOf(history: RevisionHistory, id: string): Promise<Summary> {
  const [version, versions, builtIn] = [await history.active(id), await history.versions(id), await history.builtIn(id)];
  return describeVersion(history, id, version, versions.length, builtIn);
}

export function describeVersion(
  history: RevisionHistory,
  id: string,
  { revisionId, language, source, createdAt, message }: Version,
  revisions: number,
  builtIn: Version | null,
): Summary {
  const definition = history.definition(id);
  return {
    id,
    service: definition?.service ?? 'code',
    kind: definition?.kind ?? 'script',
    title: definition?.title ?? id.slice(id.indexOf('.') + 1),
    description: builtIn ? describe(builtIn.source) : describe(source) || message || 'A script of yours.',
    language,
    languages: history.languages(id),
    built_in: definition !== null,
    patched: builtIn !== null && revisionId !== builtIn.revisionId,
    revision_id: revisionId,
    revisions,
    lines: source === '' ? 0 : source.split('\n').length,
    updated_at: createdAt,
  };
}
