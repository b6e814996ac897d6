/** One code resource: its source in the editor, what is wrong with it, and beside it what it does. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { localTexts } from '../../../environment/text-store.ts';
import { useClient } from '../../kit/client-context.tsx';
import { ProblemAlert } from '../../kit/problem/problem-alert.tsx';
import type { Mark, SourceEditorHandle } from '../../kit/source-editor/source-editor.tsx';
import classes from '../code.module.css';
import { draftOf, dropDraft, keepDraft, useDrafts } from '../drafts.ts';
import { EffectCard } from '../effect/effect-card.tsx';
import { KernelCard } from '../effect/kernel-card.tsx';
import { PolicyCard } from '../effect/policy-card.tsx';
import type { Question, Scope } from '../effect/compare.ts';
import { useEffectRun } from '../effect/use-effect-run.ts';
import { type Language, type Resource, resourceQuery, type Revision, type Summary } from '../../kit/code/resource-queries.ts';
import { type Starter, startersOf, templateFor } from '../starters.ts';
import { onDemand } from '../../kit/on-demand.tsx';
import { ProblemList } from './problem-list.tsx';
import { ReportCard } from './report-card.tsx';
import { RevisionsCard } from './revisions-card.tsx';
import { Toolbar } from './toolbar.tsx';
import { usePatch } from './use-patch.ts';
import { Card, CardHead } from '../../kit/layout/card.tsx';
import { Waiting } from '../../kit/problem/waiting.tsx';

const PatchEditor = onDemand('The editor', async () => (await import('../editor/patch-editor.tsx')).default);
const CompareEditor = onDemand('The editor', async () => (await import('../editor/compare-editor.tsx')).default);

const PROMPT_KEY = 'glassbox-code-prompt';
const PROMPT = 'Once upon a time, there was a little girl named Lily. She loved to play outside in the park. One day,';
const NEW_TOKENS = 40;

const loadingEditor = <Waiting what="editor" />;

export function ResourceView({ summary }: { summary: Summary }) {
  const {
    data: resource,
    error,
    refetch,
  } = useQuery({
    ...resourceQuery(useClient(), summary.id, summary.revision_id),
    // The version before stays in sight while the next one comes.
    placeholderData: (before) => before,
  });
  if (error || !resource) return <Waiting what="source" error={error} onRetry={() => void refetch()} />;
  return <Workplace resource={resource} />;
}

function Workplace({ resource }: { resource: Resource }) {
  const { id, revision_id, patched } = resource;
  const draft = useDrafts()[id];
  const source = draft?.source ?? resource.source;
  const language = draft?.language ?? resource.language;
  const starters = useMemo(() => startersOf(id), [id]);
  const [prompt, setPrompt] = useState(() => localTexts.getItem(PROMPT_KEY) ?? PROMPT);
  const [compared, setCompared] = useState<Revision | null>(null);
  const { doing, outcome, ...patch } = usePatch(id);
  const effect = useEffectRun(id);
  const editor = useRef<SourceEditorHandle>(null);
  const scope = scopeOf(resource);
  const busy = doing !== null || effect.run?.state === 'running';

  const edit = (next: string, nextLanguage: Language = language) => {
    if (next === resource.source && nextLanguage === resource.language) dropDraft(id);
    else keepDraft(id, { source: next, language: nextLanguage, base: draftOf(id)?.base ?? revision_id });
  };
  const question = (): Question => ({ prompt, scope: scope ?? 'text', temperature: scope === 'text' ? 0.8 : 0, maxNewTokens: NEW_TOKENS });
  const compare = () => {
    if (scope && prompt.trim() !== '') void effect.compare(question());
  };
  const apply = async ({ message = '', over = false } = {}) => {
    const now = draftOf(id);
    if (busy) return;
    if (!now) return compare();
    patch.clear();
    const starter = starters.find((each) => each.source === now.source);
    const done = await patch.apply({
      source: now.source,
      language: now.language,
      message: message || (starter?.name ?? ''),
      ...(!over && { base_revision_id: now.base }),
    });
    if (done) compare();
  };
  const tryIt = (starter: Starter) => {
    edit(starter.source, starter.language ?? 'typescript');
    void apply({ message: starter.name });
  };
  const back = async (revision?: string) => {
    effect.forget();
    setCompared(null);
    await patch.revert(revision);
  };

  const marks = useMemo(
    () => outcome.problems.flatMap(({ place, ...rest }): Mark[] => (place ? [{ ...place, ...rest }] : [])),
    [outcome.problems],
  );
  const conflict = outcome.error?.code === 'conflict';

  return (
    <section className={classes.main} aria-label={resource.title}>
      <Toolbar
        resource={resource}
        changed={draft !== undefined}
        language={language}
        doing={doing}
        busy={busy}
        starters={starters}
        onLanguage={(next) => edit(templateFor(id, next, source, resource), next)}
        onStart={(starter) => edit(starter.source, starter.language ?? 'typescript')}
        onDiscard={() => {
          dropDraft(id);
          patch.clear();
        }}
        onTest={() => void patch.test(source, language)}
        onApply={() => void apply()}
        onStop={patch.stop}
        onBuiltIn={() => void back()}
      />
      <div className={classes.columns}>
        <div className={classes.editorColumn}>
          {compared && (
            <div className={classes.comparing}>
              <span>
                <code>{compared.revision_id.slice(0, 8)}</code> {compared.built_in ? '(built-in)' : compared.message} beside the draft
              </span>
              <Button size="compact-sm" variant="default" onClick={() => setCompared(null)}>
                Back to editing
              </Button>
            </div>
          )}
          <div className={classes.editorHost}>
            {compared ? (
              <CompareEditor waiting={loadingEditor} original={compared.source} modified={source} language={language} />
            ) : (
              <PatchEditor
                waiting={loadingEditor}
                ref={editor}
                id={id}
                language={language}
                source={source}
                onChange={(next) => edit(next)}
                onApply={() => void apply()}
                problems={marks}
              />
            )}
          </div>
          {outcome.problems.length > 0 && <ProblemList problems={outcome.problems} onJump={(place) => editor.current?.reveal(place)} />}
          {outcome.error && (
            <div className={classes.notice}>
              <ProblemAlert error={outcome.error} />
              {conflict && (
                <Button size="compact-sm" variant="default" onClick={() => void apply({ over: true })}>
                  Apply over it
                </Button>
              )}
            </div>
          )}
        </div>
        <aside className={classes.side} aria-label="Effect, tests and revisions">
          {scope ? (
            <EffectCard
              patched={patched}
              revision={revision_id}
              prompt={prompt}
              onPrompt={(next) => {
                setPrompt(next);
                localTexts.setItem(PROMPT_KEY, next);
              }}
              run={effect.run}
              starters={starters}
              onTry={tryIt}
              onCompare={compare}
              onStop={effect.stop}
              busy={busy}
            />
          ) : resource.service === 'scheduler' ? (
            <PolicyCard patched={patched} revision={revision_id} />
          ) : resource.kind === 'kernel' ? (
            <KernelCard id={id} revision={revision_id} revisions={resource.revisions} />
          ) : (
            <NoTextEffect />
          )}
          <ReportCard report={outcome.report} of={outcome.of} examples={resource.examples} />
          <RevisionsCard
            id={id}
            revision={revision_id}
            busy={busy}
            compared={compared?.revision_id ?? null}
            onCompare={setCompared}
            onRevert={({ revision_id: to }) => void back(to)}
          />
        </aside>
      </div>
    </section>
  );
}

/** What of a model's work a resource can change; null where it is none of the text. */
function scopeOf({ kind, service }: Resource): Scope | null {
  if (kind === 'fragment') return 'logits';
  if (service === 'model') return 'text';
  return service === 'tokenizer' ? 'tokens' : null;
}

function NoTextEffect() {
  return (
    <Card compact aria-label="Effect">
      <CardHead>
        <h2>Effect</h2>
      </CardHead>
      <p className="gb-muted">
        This changes when and where things are computed, never what is written. See it at work in the <a href="#/memory">memory panel</a>.
      </p>
    </Card>
  );
}
