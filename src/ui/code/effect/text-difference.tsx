/** Two generated texts, one under the other, with the first token in which they differ marked. */
import { visible } from '../../kit/model/token-text.ts';
import classes from './effect.module.css';
import type { Written } from './compare.ts';

interface Props {
  before: readonly Written[];
  after: readonly Written[];
  /** Index of the first token that differs; null when none does. */
  parts: number | null;
}

export function TextDifference({ before, after, parts }: Props) {
  if (parts === null) {
    return (
      <>
        <p className={classes.text}>{textOf(before) || <i>Nothing was written.</i>}</p>
        <p className="gb-muted">Both versions write this.</p>
      </>
    );
  }
  return (
    <>
      <Text title="Built-in" tokens={before} parts={parts} />
      <Text title="Patched" tokens={after} parts={parts} />
    </>
  );
}

function Text({ title, tokens, parts }: { title: string; tokens: readonly Written[]; parts: number }) {
  const first = tokens[parts];
  return (
    <div>
      <h4 className="gb-label">{title}</h4>
      <p className={classes.text}>
        <span className="gb-muted">{textOf(tokens.slice(0, parts))}</span>
        <mark>{first ? markedText(first.text) : '∎'}</mark>
        {textOf(tokens.slice(parts + 1))}
      </p>
    </div>
  );
}

/** Whitespace alone would be a mark around nothing. A token may end in the middle of a character: its text comes with a later one. */
const markedText = (text: string): string => (text.trim() === '' ? visible(text) || '…' : text);

const textOf = (tokens: readonly Written[]): string => tokens.map(({ text }) => text).join('');
