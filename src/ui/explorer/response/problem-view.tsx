/** A problem document for a person: what was wrong, in which field (a link to it), and what can be done. */
import type { ReactNode } from 'react';
import { type ErrorCode, placeName, type Problem } from '../../../contract/index.ts';
import { problemParts } from '../../kit/problem-parts.ts';
import classes from './response.module.css';

interface Props {
  problem: Problem;
  /** The form beside says it at the fields. */
  atFields: boolean;
  /** Shows the field that a pointer names. */
  onField: (pointer: string) => void;
}

const ADVICE: Partial<Record<ErrorCode, string>> = {
  model_not_loaded: 'Load a model first: press the model in the top bar.',
  not_implemented: 'The contract has this endpoint; its service is not built yet, and nothing is made up in its place.',
  queue_full: 'Wait for a running request to end, or cancel one.',
  out_of_blocks: 'Free KV blocks by cancelling a generation, or ask for fewer tokens.',
};

export function ProblemView({ problem, atFields, onField }: Props) {
  const advice = ADVICE[problem.code];
  const { text, items } = problemParts({ code: problem.code, text: problem.detail, errors: problem.errors });
  return (
    <section className={classes.problem} aria-label="Problem" data-tone={problem.code === 'cancelled' ? 'calm' : undefined}>
      <h3>{problem.title}</h3>
      {text !== null && <p>{text}</p>}
      {items.length > 0 && (
        <ul>
          {items.map(({ path, message }, index) => (
            <li key={`${index}${path}`}>
              {path.startsWith('/') ? <FieldLink onClick={() => onField(path)}>{placeName(path)}</FieldLink> : path && <code>{path}</code>}
              {!atFields && <span>{message}</span>}
            </li>
          ))}
        </ul>
      )}
      {atFields && items.length > 0 && <p>What is wrong with {items.length === 1 ? 'it' : 'each'} stands at the field.</p>}
      {advice !== undefined && <p className={classes.advice}>{advice}</p>}
      <dl>
        <dt>code</dt>
        <dd>{problem.code}</dd>
        <dt>type</dt>
        <dd>{problem.type}</dd>
        {problem.request_id && (
          <>
            <dt>request</dt>
            <dd>{problem.request_id}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

function FieldLink({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" onClick={onClick} className={classes.fieldLink} title="Go to this field">
      {children}
    </button>
  );
}
