/** The playground: write, generate, and look into what came — where a change to the engine is first seen by eye. */
import { SegmentedControl, Textarea } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { CopyButton } from '../kit/copy-button.tsx';
import { FormFaults, isSameInput } from '../kit/entry/form-faults.tsx';
import { pathPart } from '../kit/address/hash-location.ts';
import { useActivePatches } from '../kit/code/use-active-patches.ts';
import { LinkNotice, Remarks } from '../kit/address/link-notice.tsx';
import { NotFound } from '../kit/not-found.tsx';
import { useModel } from '../kit/model/use-model.ts';
import { useTokenizerConfig } from '../kit/model/use-token-label.ts';
import { AttentionInspector } from './attention/attention-inspector.tsx';
import { Interventions } from './interventions/interventions.tsx';
import { ChatNotice } from './chat-notice.tsx';
import { ChatThread } from './chat-thread.tsx';
import { ModelNotice } from '../kit/model/model-notice.tsx';
import { ParameterControls } from './parameter-controls.tsx';
import { type NumberFaults, PARAMETER_NAMES, parameterHref, parameterId, type Parameters } from './parameters.ts';
import classes from './playground.module.css';
import { ProblemAlert } from '../kit/problem/problem-alert.tsx';
import { PromptEditor } from './prompt-editor.tsx';
import type { Prompt } from './prompt-sequence.ts';
import { OutputTools, RunOutput } from './run-output.tsx';
import type { Run } from './run.ts';
import { isChat } from './run-store.ts';
import type { Alternative } from './token-span.ts';
import { messagesOf, useChat } from './use-chat.ts';
import { useInspection } from './use-inspection.ts';
import { usePromptSequence } from './use-prompt-sequence.ts';
import { useLive, useRunStore } from './use-run.ts';
import { type SettingsControl, useSettings } from './use-settings.ts';
import { Welcome } from './welcome.tsx';
import { Columns, Frame, Main, PanelBar, Spring } from '../kit/layout/frame.tsx';
import { Card } from '../kit/layout/card.tsx';
import { IconButton } from '../kit/icon-button.tsx';

type Linked = NonNullable<SettingsControl['linked']>;

/** `#/playground/temperature` leads to a parameter. */
export function PlaygroundPanel() {
  const named = pathPart(useLocation()[0], 2);
  const parameter = PARAMETER_NAMES.find((name) => name === named) ?? null;
  return named && !parameter ? <NotFound what="parameter" id={named} known={PLACES} /> : <Playground parameter={parameter} />;
}

const PLACES = PARAMETER_NAMES.map((name) => ({ id: name, title: name, href: parameterHref(name) }));

function Playground({ parameter }: { parameter: keyof Parameters | null }) {
  const { settings, update, setParameters, link, linked, keep, discard } = useSettings();
  const { view, prompt, system, draft, parameters } = settings;
  const chatting = view === 'chat';
  const { data: model } = useModel();
  const weightsHash = model?.weights?.weights_hash;
  const context = model?.max_position_embeddings ?? null;
  const tokenizer = useTokenizerConfig();
  const template = tokenizer.data?.chat_template;
  const noTemplate = template === null;

  const [store, runs] = useRunStore();
  const patches = useActivePatches();
  const start = (source: Prompt): Run => store.start(source, parameters, weightsHash, patches);
  const chat = useChat(store, runs.turns, system, start);
  const [boundaries, setBoundaries] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [faults, setFaults] = useState<NumberFaults>({});
  const wide = useMediaQuery('(min-width: 62em)', true);
  const [showParameters, setShowParameters] = useState(false);
  useEffect(() => {
    if (!parameter) return;
    requestAnimationFrame(() => {
      setShowParameters(true);
      // After the controls are there.
      requestAnimationFrame(() => document.getElementById(parameterId(parameter))?.focus());
    });
  }, [parameter]);

  const next = useMemo<Prompt>(
    () => (chatting ? { messages: messagesOf(system, chat.turns, draft) } : { text: prompt }),
    [chatting, system, chat.turns, draft, prompt],
  );
  const sequence = usePromptSequence(next, weightsHash, chatting ? !noTemplate && draft !== '' : true);
  const shownSequence = chatting && draft === '' ? undefined : sequence.data;

  const run = chatting ? runs.chat : runs.completion;
  const history = runs.history.filter((each) => isChat(each) === chatting);
  const inspection = useInspection(run, model);
  const live = useLive(runs);
  // The answer to other parameters says nothing of these.
  const refused = run?.active.state === 'failed' && isSameInput(run.parameters, parameters) ? run.active.error : null;

  const tooLong = context !== null && shownSequence !== undefined && shownSequence.tokens.length >= context;
  const canSend = weightsHash !== undefined && !tooLong && (chatting ? draft.trim() !== '' && !noTemplate : true);

  /** Nothing is generated with another number than the one in sight: the first that can't be taken gets the focus instead. */
  const isMended = (): boolean => {
    const [first] = PARAMETER_NAMES.filter((name) => name in faults);
    if (!first) return true;
    setShowParameters(true);
    requestAnimationFrame(() => document.getElementById(parameterId(first))?.focus());
    return false;
  };
  const generate = () => {
    if (!isMended()) return;
    setProblem(null);
    keep();
    start({ text: prompt });
  };
  const send = () => {
    if (!isMended()) return;
    setProblem(null);
    chat.send(draft);
    keep({ draft: '' });
  };
  const stop = useCallback(() => store.stop(), [store]);
  useEscape(live, stop);

  const actions = {
    onBranch: (index: number, alternative: Alternative) => void run?.branch(run.active, index, alternative, parameters).catch(setProblem),
    onReuseSeed: (seed: number) => setParameters({ seed }),
    onRetry: chatting ? chat.again : generate,
  };
  const output = run && <RunOutput run={run} weightsHash={weightsHash} inspection={inspection} withPrompt={!chatting} {...actions} />;
  const editor = (
    <PromptEditor
      label={chatting ? 'Message' : 'Prompt'}
      placeholder={chatting ? 'Say something to the model' : 'Text to go on from. Empty: the model begins by itself.'}
      value={chatting ? draft : prompt}
      onChange={(text) => update(chatting ? { draft: text } : { prompt: text })}
      sendOnEnter={chatting}
      sendLabel={chatting ? 'Send' : 'Generate'}
      canSend={canSend}
      live={live}
      onSend={chatting ? send : generate}
      onStop={stop}
      sequence={shownSequence}
      context={context}
      wanted={parameters.max_new_tokens}
      boundaries={boundaries}
      onBoundaries={setBoundaries}
    />
  );

  const controls = (
    <ParameterControls
      parameters={parameters}
      onChange={setParameters}
      faults={faults}
      onFault={(name, fault) => setFaults(({ [name]: _, ...others }) => (fault ? { ...others, [name]: fault } : others))}
      context={context}
    />
  );

  return (
    <Frame className={classes.panel}>
      <PanelBar title="Playground">
        <SegmentedControl
          aria-label="View"
          data={[
            { value: 'completion', label: 'Completion' },
            { value: 'chat', label: 'Chat' },
          ]}
          value={view}
          onChange={(value) => update({ view: value === 'chat' ? 'chat' : 'completion' })}
        />
        <Spring />
        <CopyButton icon="link" label="Copy a link to this prompt and these parameters" text={link} />
        {!wide && (
          <IconButton
            icon="list"
            label="Parameters"
            aria-expanded={showParameters}
            variant={showParameters ? 'light' : 'subtle'}
            onClick={() => setShowParameters(!showParameters)}
          />
        )}
      </PanelBar>
      <FormFaults error={refused}>
        <Columns width="21rem">
          <Main>
            <ModelNotice model={model} />
            {linked && <LinkOffer {...linked} onKeep={keep} onDiscard={discard} />}
            {chatting && (
              <ChatNotice
                template={template}
                modelId={model?.weights?.model_id ?? ''}
                onCompletion={() => update({ view: 'completion' })}
              />
            )}
            {!wide && showParameters && (
              <Card flush aria-label="Parameters">
                {controls}
              </Card>
            )}
            {!chatting && !run && (
              <p className={classes.lead}>
                <b>A language model, running in this tab.</b> Write a beginning and press Generate. Then look into every token that came,
                and into the code that made it.
              </p>
            )}
            {!chatting && editor}
            {chatting && !noTemplate && <SystemPrompt value={system} onChange={(text) => update({ system: text })} />}
            {(run || chat.turns.length > 0) && (
              <Card flush aria-label="Output">
                <OutputTools inspection={inspection} run={run} history={history} onShow={(each) => store.show(each)} />
                {chatting && chat.turns.length > 0 ? (
                  <ChatThread
                    chat={chat}
                    shown={run}
                    output={output}
                    onShow={(each) => store.show(each)}
                    onEdit={(index) => update({ draft: chat.takeBack(index) })}
                  />
                ) : (
                  output
                )}
              </Card>
            )}
            {problem !== null && <ProblemAlert error={problem} />}
            {!run && !chatting && (
              <Welcome
                ready={weightsHash !== undefined}
                sequence={sequence.data}
                onTake={(text) => update({ prompt: prompt + text })}
                weightsHash={weightsHash}
              />
            )}
            {chatting && chat.turns.length === 0 && !noTemplate && (
              <p className={classes.emptyChat}>
                Messages become one text by the model’s chat template. With token boundaries on, the text that the model will read stands
                below the message.
              </p>
            )}
            {chatting && editor}
            <AttentionInspector
              choice={inspection.choice}
              onChange={inspection.update}
              selected={inspection.selected}
              onSelect={(token) => {
                inspection.select(token);
                inspection.setTint('attention');
              }}
              {...inspection.attention}
            />
            <Interventions model={model} tokens={inspection.sequence} absent={inspection.attention.absent} />
          </Main>
          {wide && (
            <aside className={classes.side} aria-label="Parameters">
              {controls}
            </aside>
          )}
        </Columns>
      </FormFaults>
    </Frame>
  );
}

/** A link's prompt and parameters lie over the person's own, which are as they left them. */
function LinkOffer({ remarks, unreadable, onKeep, onDiscard }: Linked & { onKeep: () => void; onDiscard: () => void }) {
  const actions = unreadable
    ? [{ label: 'Close', run: onDiscard }]
    : [
        { label: 'Use these', run: onKeep },
        { label: 'Back to mine', run: onDiscard },
      ];
  return (
    <LinkNotice tone={unreadable ? 'bad' : remarks.length > 0 ? 'warn' : 'info'} actions={actions}>
      <p>
        {unreadable
          ? 'Nothing in this link could be read. Your prompt and parameters are as you left them.'
          : 'This prompt and these parameters came by a link. Yours are kept until you use these: by generating, or here.'}
      </p>
      <Remarks remarks={remarks} />
    </LinkNotice>
  );
}

/** Escape stops from anywhere in the page, before cards and menus take it. */
function useEscape(live: boolean, stop: () => void) {
  useEffect(() => {
    if (!live) return undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      stop();
    };
    addEventListener('keydown', onKeyDown, { capture: true });
    return () => removeEventListener('keydown', onKeyDown, { capture: true });
  }, [live, stop]);
}

function SystemPrompt({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <div className={classes.system}>
      <span className="gb-label">System</span>
      <Textarea
        variant="unstyled"
        autosize
        minRows={1}
        maxRows={6}
        aria-label="System message"
        placeholder="No system message"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}
