/** What a run gave: the text as tokens, its branches and figures, and the ways to look at them. */
import { Menu, ActionIcon, SegmentedControl, Tooltip } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { CopyButton } from '../kit/copy-button.tsx';
import { Icon } from '../kit/icons.tsx';
import { Moment } from '../kit/moment.tsx';
import { isLive, textOf } from './branch.ts';
import { BranchBar } from './branch-bar.tsx';
import type { FlowPart } from './flow-blocks.ts';
import { type GenerateInput, generateFields } from './parameters.ts';
import { ProblemAlert } from '../kit/problem/problem-alert.tsx';
import type { Run } from './run.ts';
import classes from './playground.module.css';
import { RunStats } from './run-stats.tsx';
import { TintLegend } from './tint-legend.tsx';
import { TokenCard } from './token-card.tsx';
import { type Tint, TokenFlow } from './token-flow.tsx';
import type { Alternative } from './token-span.ts';
import type { Inspection } from './use-inspection.ts';
import { useRunVersion } from './use-run.ts';
import { MenuText } from '../kit/layout/menu-text.tsx';

export interface OutputActions {
  onBranch: (index: number, alternative: Alternative) => void;
  onReuseSeed: (seed: number) => void;
  onRetry: () => void;
}

interface Props extends OutputActions {
  run: Run;
  /** Of the active model. */
  weightsHash: string | undefined;
  inspection: Inspection;
  /** The prompt stands before the output, as the model sees it. */
  withPrompt: boolean;
}

export function RunOutput({ run, weightsHash, inspection, withPrompt, onBranch, onReuseSeed, onRetry }: Props) {
  const version = useRunVersion(run);
  const { active, prompt, tree } = run;
  const { tint, levels, selected, select, attended } = inspection;
  const offset = prompt?.tokens.length ?? 0;
  const showPrompt = withPrompt || tint === 'attention';
  const parts = useMemo<FlowPart[]>(
    () => [
      ...(prompt && showPrompt ? [{ kind: 'prompt' as const, spans: prompt.spans, tokens: prompt.tokens, offset: 0 }] : []),
      { kind: 'output', spans: active.spans, tokens: active.tokens, offset },
    ],
    [active, prompt, showPrompt, offset],
  );
  const cannotBranch = run.promptError
    ? 'The prompt could not be tokenized, so no branch can grow from it.'
    : run.weightsHash === weightsHash
      ? null
      : 'Another model is loaded: its tokens have other ids.';

  const card = (token: number, _pinned: boolean, close: () => void): ReactNode => {
    const part = parts.findLast((each) => each.offset <= token);
    const span = part?.spans.spans[part.spans.spanOf(token - part.offset)];
    if (!part || !span) return null;
    return (
      <TokenCard
        key={token}
        tokens={part.tokens.slice(span.start, span.end)}
        index={span.start}
        kind={part.kind}
        attended={attended(token)}
        cannotBranch={cannotBranch}
        onBranch={(index, alternative) => {
          close();
          onBranch(index, alternative);
        }}
      />
    );
  };

  return (
    <div className="gb-stack">
      <BranchBar branches={tree.branches} active={active} onSelect={(branch) => run.select(branch)} />
      <TokenFlow
        parts={parts}
        version={version}
        label="Output. Arrow keys move between tokens, Enter opens one."
        tint={tint}
        levels={levels}
        live={isLive(active)}
        selected={selected}
        onSelect={select}
        card={card}
      />
      {active.state === 'failed' && <ProblemAlert error={active.error} onRetry={onRetry} />}
      <RunStats branch={active} patches={run.patches} promptTokens={prompt?.tokens.length ?? null} onReuseSeed={onReuseSeed} />
    </div>
  );
}

const TINTS: readonly { value: Tint; label: string }[] = [
  { value: 'probability', label: 'Probability' },
  { value: 'attention', label: 'Attention' },
  { value: 'tokens', label: 'Tokens' },
  { value: 'off', label: 'Off' },
];

/** The bar over the output: tint, what the tint means, copy, earlier runs. */
export function OutputTools({
  inspection,
  run,
  history,
  onShow,
}: {
  inspection: Inspection;
  run: Run | null;
  history: readonly Run[];
  onShow: (run: Run) => void;
}) {
  return (
    <div className={classes.outputTools}>
      <TintLegend tint={inspection.tint} />
      <SegmentedControl
        aria-label="Tint of the tokens"
        data={[...TINTS]}
        value={inspection.tint}
        onChange={(value) => inspection.setTint(TINTS.find((each) => each.value === value)?.value ?? 'off')}
      />
      {run && <CopyButton label="Copy the output" text={() => textOf(run.active)} />}
      {run && (
        <Tooltip label="Open this call in the API explorer">
          <ActionIcon
            component="a"
            aria-label="Open this call in the API explorer"
            href={`#/api/model/generate?input=${encodeURIComponent(JSON.stringify(callOf(run)))}`}
          >
            <Icon name="api" />
          </ActionIcon>
        </Tooltip>
      )}
      {history.length > 1 && <History history={history} shown={run} onShow={onShow} />}
    </div>
  );
}

function History({ history, shown, onShow }: { history: readonly Run[]; shown: Run | null; onShow: (run: Run) => void }) {
  return (
    <Menu position="bottom-end" width={340}>
      <Menu.Target>
        <ActionIcon aria-label="Runs of this visit" title="Runs of this visit">
          <Icon name="history" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown className={classes.history ?? ''}>
        {history.map((run) => (
          <Menu.Item
            key={run.startedAt.getTime() + run.active.generationId}
            onClick={() => onShow(run)}
            aria-current={run === shown || undefined}
          >
            <MenuText name={describe(run)}>
              <Moment at={run.startedAt} /> · T {run.parameters.temperature} · {run.tree.branches.length}{' '}
              {run.tree.branches.length === 1 ? 'branch' : 'branches'}
            </MenuText>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The call that gives the run again: with the seed that was drawn. */
function callOf({ source, parameters, active }: Run): GenerateInput {
  const seed = active.result?.seed ?? parameters.seed;
  return { ...('text' in source ? { prompt: source.text } : { messages: source.messages }), ...generateFields({ ...parameters, seed }) };
}

function describe({ source, active }: Run): string {
  const prompt = 'text' in source ? source.text : (source.messages.at(-1)?.content ?? '');
  return `${prompt} → ${textOf(active).trimStart()}`;
}
