/** The script panel: research scripts that run in the worker beside the services, with an editor that knows what they can reach. */
import { Button, NativeSelect, TextInput, Tooltip } from '@mantine/core';
import { Fragment, useCallback, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { resourceKind } from '../../contract/resource-kind.ts';
import { sessionTexts } from '../../environment/text-store.ts';
import { useHealth } from '../kit/client-context.tsx';
import { CopyButton } from '../kit/copy-button.tsx';
import { formatMs } from '../kit/format.ts';
import { pathPart } from '../kit/address/hash-location.ts';
import { Icon } from '../kit/icons.tsx';
import { NotFound } from '../kit/not-found.tsx';
import { onDemand } from '../kit/on-demand.tsx';
import { scriptHref } from '../kit/address/script-link.ts';
import { catalogue, examples, type Language, LANGUAGES, type ScriptEntry, useEntries } from './catalogue.ts';
import type { ScriptEditorHandle } from './script-editor.tsx';
import { RunOutput } from './output/run-output.tsx';
import { ScopeSelect, useScriptScope } from './scope-select.tsx';
import { ScriptList } from './script-list.tsx';
import type { ScriptRun } from './script-run.ts';
import { ProblemAlert } from '../kit/problem/problem-alert.tsx';
import classes from './scripts.module.css';
import { useSavedScripts } from './use-saved-scripts.ts';
import { useScriptRun } from './use-script-run.ts';
import { PanelBar, Spring } from '../kit/layout/frame.tsx';
import { BesideList } from '../kit/layout/side-list.tsx';
import { Waiting } from '../kit/problem/waiting.tsx';
import { IconButton } from '../kit/icon-button.tsx';

const ScriptEditor = onDemand('The editor', async () => (await import('./script-editor.tsx')).default);

const OPEN_KEY = 'glassbox-script-open';

/** What a script can name. */
const NAMES: Readonly<Record<Language, readonly string[]>> = {
  typescript: ['client', 'designer', 'researcher', 'tester', 'services', 'print', 'table', 'plot', 'signal'],
  python: ['client', 'designer', 'researcher', 'tester', 'print', 'table', 'plot', 'picture'],
};

const NO_PROBLEMS: readonly never[] = [];

export function ScriptsPanel() {
  const entries = useEntries();
  const [asked, select] = useOpenScript();
  const script = entries.find((each) => each.id === asked) ?? entries[0] ?? catalogue.create();
  const missing = asked !== null && asked !== script.id;
  const saved = useSavedScripts();
  const [scope, setScope] = useScriptScope();
  const { run, version, start, stop } = useScriptRun();
  const { worker } = useHealth();
  const editor = useRef<ScriptEditorHandle>(null);
  const running = run?.state === 'running';
  const ready = worker === 'ready';

  const runIt = () => {
    // As it stands now: the last letters may not have come through yet.
    const now = catalogue.entries.get().find((each) => each.id === script.id) ?? script;
    if (ready) start(now, scope);
  };
  const create = (from?: ScriptEntry) =>
    select(from ? catalogue.create(from.source, `${from.title}, copy`, from.language).id : catalogue.create().id);

  const here = run?.script.id === script.id;
  const problems = here && run ? run.problems.flatMap(({ place, message }) => (place ? [{ ...place, message }] : [])) : NO_PROBLEMS;
  const jump = (place: { line: number; column: number }) => {
    if (run && !here) select(run.script.id);
    editor.current?.reveal(place);
  };

  return (
    <BesideList
      // Captured: the editor would take Ctrl-Enter for a new line.
      onKeyDownCapture={(event) => {
        if (missing || event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        event.stopPropagation();
        runIt();
      }}
    >
      <ScriptList
        entries={entries}
        selected={missing ? '' : script.id}
        running={running ? run.script.id : null}
        onSelect={select}
        onCreate={() => create()}
      />
      {missing && saved.isPending && resourceKind(asked) === 'script' ? (
        <Waiting what="script" />
      ) : missing ? (
        <NotFound
          what="script"
          id={asked}
          known={entries.map((each) => ({ id: each.id, title: each.title, href: scriptHref(each) }))}
          hint="Scripts are kept in the browser that they were written in; this one has none by that name, in the code service neither."
        />
      ) : (
        <section className={classes.main} aria-label="Script">
          <PanelBar title={script.from === 'browser' ? undefined : script.title}>
            <NativeSelect
              className={classes.picker ?? ''}
              aria-label="Script"
              value={script.id}
              onChange={({ currentTarget }) => select(currentTarget.value)}
              data={entries.map(({ id, title }) => ({ value: id, label: title }))}
            />
            {script.from === 'browser' && <Title key={script.id} script={script} />}
            {script.from === 'browser' && (
              <NativeSelect
                className={classes.language ?? ''}
                aria-label="Language"
                value={script.language}
                data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
                onChange={({ currentTarget }) => catalogue.setLanguage(script.id, currentTarget.value as Language)}
              />
            )}
            <ScriptActions
              script={script}
              onCreate={() => create()}
              onCopy={() => create(script)}
              onSave={() => void saved.save(script)}
              onRemove={() => {
                select(examples[0]?.id ?? '');
                if (script.from === 'service') void saved.remove(script);
                else catalogue.remove(script.id);
              }}
            />
            <Spring className={classes.spring} />
            <ScopeSelect className={classes.scope ?? ''} value={scope} onChange={setScope} />
            {running && <Elapsed run={run} />}
            {running ? (
              <Button color="red" variant="light" leftSection={<Icon name="stop" />} onClick={stop}>
                Stop
              </Button>
            ) : (
              <Tooltip label={ready ? 'Ctrl-Enter' : 'The worker is not ready'} position="bottom-end">
                <Button leftSection={<Icon name="play" />} onClick={runIt} disabled={!ready}>
                  Run
                </Button>
              </Tooltip>
            )}
          </PanelBar>
          {saved.refused && (
            <div className={classes.refused}>
              <ProblemAlert error={saved.refused.error} />
              <Button size="compact-sm" variant="default" onClick={saved.dismiss}>
                Put away
              </Button>
            </div>
          )}
          <div className={classes.columns}>
            <div className={classes.editorHost}>
              <ScriptEditor
                waiting={<Waiting what="editor" />}
                ref={editor}
                id={script.id}
                source={script.source}
                language={script.language}
                onChange={(source) => catalogue.edit(script.id, source)}
                onRun={runIt}
                problems={problems}
              />
            </div>
            {run ? <RunOutput key={run.startedAt} run={run} version={version} onJump={jump} /> : <Empty language={script.language} />}
          </div>
        </section>
      )}
    </BesideList>
  );
}

/** The title of an own script can be changed. */
function Title({ script }: { script: ScriptEntry }) {
  const [title, setTitle] = useState(script.title);
  const keep = () => (title.trim() ? catalogue.rename(script.id, title) : setTitle(script.title));
  return (
    <TextInput
      className={classes.name ?? ''}
      aria-label="Name of the script"
      value={title}
      onChange={({ currentTarget }) => setTitle(currentTarget.value)}
      onBlur={keep}
      onKeyDown={(event) => event.key === 'Enter' && keep()}
    />
  );
}

function ScriptActions({
  script,
  onCreate,
  onCopy,
  onSave,
  onRemove,
}: {
  script: ScriptEntry;
  onCreate: () => void;
  onCopy: () => void;
  onSave: () => void;
  onRemove: () => void;
}) {
  const back = script.from === 'service' ? 'Back to the script as it is saved' : 'Back to the example as it came';
  const changed = script.original !== undefined && script.original !== script.source;
  return (
    <>
      <IconButton icon="plus" label="New script" className={classes.narrowOnly ?? ''} onClick={onCreate} />
      <CopyButton text={script.source} label="Copy the source" />
      <IconButton icon="layers" label="Make a copy of your own" onClick={onCopy} />
      {changed && <IconButton icon="undo" label={back} onClick={() => catalogue.restore(script.id)} />}
      {changed && script.from === 'service' && (
        <Tooltip label={`Save it in the code service, as ${script.id}`}>
          <Button size="compact-sm" variant="default" onClick={onSave}>
            Save
          </Button>
        </Tooltip>
      )}
      {script.from !== 'example' && <Remove key={script.id} onRemove={onRemove} />}
    </>
  );
}

/** Asks by a second click. */
function Remove({ onRemove }: { onRemove: () => void }) {
  const [asked, setAsked] = useState(false);
  if (!asked) {
    return <IconButton icon="close" label="Delete this script" onClick={() => setAsked(true)} />;
  }
  return (
    <Button ref={focusOnMount} size="compact-sm" color="red" variant="light" onClick={onRemove} onBlur={() => setAsked(false)}>
      Delete for good
    </Button>
  );
}

/** The confirmation takes the place of the button that had the focus. */
const focusOnMount = (element: HTMLButtonElement | null) => element?.focus();

function Elapsed({ run }: { run: ScriptRun }) {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 100);
    return () => clearInterval(timer);
  }, []);
  return <span className="gb-num">{formatMs(Math.max(0, Math.floor((now - run.startedAt) / 100) * 100))}</span>;
}

function Empty({ language }: { language: Language }) {
  const names = NAMES[language].map((name, i) => (
    <Fragment key={name}>
      {i > 0 && ', '}
      <code>{name}</code>
    </Fragment>
  ));
  return (
    <div className={classes.empty}>
      <p>What the script prints, tabulates and plots appears here.</p>
      <p>
        In reach: {names}. It runs in the worker, so a direct call is a function call.
        {language === 'python' &&
          ' Python comes with the first script; it has its standard library and gives way to the worker while it computes.'}
      </p>
    </div>
  );
}

/** The script that the address names, else the one that was open last; null before any was. */
function useOpenScript(): [string | null, (id: string) => void] {
  const [path, navigate] = useLocation();
  const named = pathPart(path, 2);
  useEffect(() => {
    if (named) sessionTexts.setItem(OPEN_KEY, named);
  }, [named]);
  const open = useCallback((id: string) => navigate(scriptHref({ id })), [navigate]);
  if (named) return [named, open];
  const last = sessionTexts.getItem(OPEN_KEY);
  return [catalogue.entries.get().some(({ id }) => id === last) ? last : null, open];
}
