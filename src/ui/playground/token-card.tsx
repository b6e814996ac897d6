/** What is known of one token: its id and text, how probable it was, what else could have come, and the way to go on from there. */
import { useState } from 'react';
import { Figures } from '../kit/figures/figures.tsx';
import { Icon } from '../kit/icons.tsx';
import { visible } from '../kit/model/token-text.ts';
import { useTokenLabel } from '../kit/model/use-token-label.ts';
import { formatProbability } from '../kit/format.ts';
import { ShareBar } from '../kit/share-bar/share-bar.tsx';
import classes from './token-card.module.css';
import type { Alternative, SequenceToken } from './token-span.ts';

export interface AttendedToken {
  token: SequenceToken;
  index: number;
  weight: number;
}

interface Props {
  /** Most spans hold one token; some characters take several. */
  tokens: readonly SequenceToken[];
  /** Place of the first in its part. */
  index: number;
  kind: 'prompt' | 'output';
  /** The keys that the last of them attends to most, when a map is in sight. */
  attended: readonly AttendedToken[] | null;
  /** Why a branch cannot be grown, or null. */
  cannotBranch: string | null;
  onBranch: (index: number, alternative: Alternative) => void;
}

export function TokenCard({ tokens, index, kind, attended, cannotBranch, onBranch }: Props) {
  const label = useTokenLabel();
  const [part, setPart] = useState(0);
  const token = tokens[part] ?? tokens[0];
  if (!token) return null;
  const place = index + Math.min(part, tokens.length - 1);
  return (
    <div className={classes.card}>
      <header className={classes.head}>
        <code className={classes.text}>{label(token)}</code>
        <span className={classes.meta}>
          id <b className="gb-num">{token.id}</b> · {kind} <b className="gb-num">{place}</b>
        </span>
      </header>
      {tokens.length > 1 && (
        <div className={classes.parts}>
          <span>
            {tokens.length} tokens make <code>{visible(tokens.map(({ text }) => text).join('') || '∅')}</code>
          </span>
          {tokens.map(({ piece, id }, at) => (
            <button key={at} type="button" aria-pressed={at === part} onClick={() => setPart(at)}>
              {label({ piece, id })}
            </button>
          ))}
        </div>
      )}
      {kind === 'output' && <Probability token={token} />}
      {token.top.length > 0 && (
        <Alternatives token={token} cannotBranch={cannotBranch} onBranch={(alternative) => onBranch(place, alternative)} />
      )}
      {kind === 'output' && token.logprob === null && (
        <p className={classes.note}>No probabilities: set logprobs above 0 to see what else could have come here.</p>
      )}
      {attended && attended.length > 0 && <Attended tokens={attended} />}
    </div>
  );
}

function Probability({ token }: { token: SequenceToken }) {
  if (token.logprob === null) return null;
  const rank = token.top.findIndex(({ token_id }) => token_id === token.id);
  return (
    <Figures
      look="small"
      items={[
        { name: 'probability', value: formatProbability(token.logprob) },
        { name: 'logprob', value: token.logprob.toFixed(3) },
        { name: 'surprise', value: `${(-token.logprob / Math.LN2).toFixed(1)} bits` },
        { name: 'rank', value: rank >= 0 ? rank + 1 : `> ${token.top.length}` },
      ]}
    />
  );
}

function Alternatives({
  token,
  cannotBranch,
  onBranch,
}: {
  token: SequenceToken;
  cannotBranch: string | null;
  onBranch: (alternative: Alternative) => void;
}) {
  const listed = token.top.some(({ token_id }) => token_id === token.id);
  const rows: Alternative[] = [...token.top];
  if (!listed && token.logprob !== null) rows.push({ token_id: token.id, token: token.piece ?? token.text, logprob: token.logprob });
  const rest = 1 - rows.reduce((sum, { logprob }) => sum + Math.exp(logprob), 0);
  const widest = Math.max(...rows.map(({ logprob }) => Math.exp(logprob)), rest);
  return (
    <>
      <ul className={classes.alternatives}>
        {rows.map((alternative) => (
          <li key={alternative.token_id}>
            <AlternativeRow
              alternative={alternative}
              widest={widest}
              taken={alternative.token_id === token.id}
              cannotBranch={cannotBranch}
              onBranch={onBranch}
            />
          </li>
        ))}
        {rest > 0.0005 && (
          <li className={classes.rest}>
            <span className="gb-ellipsis">all others</span>
            <ShareBar share={rest / widest} tone="muted" />
            <span className="gb-num">{formatProbability(Math.log(rest))}</span>
          </li>
        )}
      </ul>
      <p className={classes.note}>
        {cannotBranch ?? 'Choose another token to branch here. Probabilities are the model’s, before temperature and filters.'}
      </p>
    </>
  );
}

interface RowProps {
  alternative: Alternative;
  widest: number;
  taken: boolean;
  cannotBranch: string | null;
  onBranch: (alternative: Alternative) => void;
}

function AlternativeRow({ alternative, widest, taken, cannotBranch, onBranch }: RowProps) {
  const label = useTokenLabel();
  const { token, logprob, token_id } = alternative;
  const probability = formatProbability(logprob);
  const name = label({ piece: token, id: token_id });
  return (
    <button
      type="button"
      className={classes.row}
      data-taken={taken || undefined}
      disabled={taken || cannotBranch !== null}
      title={`id ${token_id}, logprob ${logprob.toFixed(3)}`}
      aria-label={taken ? `${name}, ${probability}, taken` : `Branch here with ${name}, ${probability}`}
      onClick={() => onBranch(alternative)}
    >
      <code className="gb-ellipsis">{name}</code>
      <ShareBar share={Math.exp(logprob) / widest} tone={taken ? 'accent' : 'muted'} />
      <span className="gb-num">{probability}</span>
      <span className={classes.mark}>
        {taken ? <Icon name="check" size={12} /> : cannotBranch === null && <Icon name="chevron" size={12} />}
      </span>
    </button>
  );
}

function Attended({ tokens }: { tokens: readonly AttendedToken[] }) {
  const label = useTokenLabel();
  return (
    <div className={classes.attended}>
      <span className="gb-label">attends to</span>
      <ol>
        {tokens.map(({ token, index, weight }) => (
          <li key={index}>
            <code>{label(token)}</code>
            <sub className="gb-num">{index}</sub> <span className="gb-num">{weight.toFixed(2)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
