/** A problem document for a person: what was wrong, in which field (a link to it), and what can be done. */
import type { ReactNode } from 'react';
import { type ErrorCode, type ErrorItem, placeName, type Problem } from '../../../contract/index.ts';
import { Fact, Facts } from '../../kit/figures/facts.tsx';
import { problemParts } from '../../kit/problem/problem-parts.ts';
import classes from './response.module.css';

interface Props {
  problem: Problem;
  /** The form beside says it at its field. */
  isAtField: (item: ErrorItem) => boolean;
  /** Shows the field that a pointer names. */
  onField: (pointer: string) => void;
}

const ADVICE: Partial<Record<ErrorCode, string>> = {
  unauthenticated: 'Press Authorize to call as this page or by a token; Access gives tokens out.',
  insufficient_scope: 'Press Authorize to call by a token that has the scope; Access gives tokens out.',
  model_not_loaded: 'Load a model first: press the model in the top bar.',
  queue_full: 'Wait for a running request to end, or cancel one.',
  out_of_blocks: 'Free KV blocks by cancelling a generation, or ask for fewer tokens.',
};

export function ProblemView({ problem, isAtField, onField }: Props) {
  const advice = ADVICE[problem.code];
  const { text, items } = problemParts({ code: problem.code, text: problem.detail, errors: problem.errors });
  const elsewhere = items.filter(isAtField).length;
  return (
    <section className={classes.problem} aria-label="Problem" data-tone={problem.code === 'cancelled' ? 'calm' : undefined}>
      <h3>{problem.title}</h3>
      {text !== null && <p>{text}</p>}
      {items.length > 0 && (
        <ul>
          {items.map((item, index) => (
            <li key={`${index}${item.path}`}>
              <Place path={item.path} onField={onField} /> {!isAtField(item) && <span>{item.message}</span>}
            </li>
          ))}
        </ul>
      )}
      {elsewhere > 0 && <p>{standsAtField(elsewhere, items.length)}</p>}
      {advice !== undefined && <p className={classes.advice}>{advice}</p>}
      <Facts>
        <Fact name="code">
          <code>{problem.code}</code>
        </Fact>
        <Fact name="type">
          <code>{problem.type}</code>
        </Fact>
        {problem.request_id && (
          <Fact name="request">
            <code>{problem.request_id}</code>
          </Fact>
        )}
      </Facts>
    </section>
  );
}

/** A link to the field; a place that is no field, as in a file, by its name. */
function Place({ path, onField }: { path: string; onField: (pointer: string) => void }) {
  if (path !== '' && !path.startsWith('/')) return <code>{path}</code>;
  return path === '' ? placeName(path) : <FieldLink onClick={() => onField(path)}>{placeName(path)}</FieldLink>;
}

function standsAtField(elsewhere: number, all: number): string {
  if (elsewhere < all) return 'What is wrong with the others stands at their fields.';
  return `What is wrong with ${all === 1 ? 'it' : 'each'} stands at the field.`;
}

function FieldLink({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" onClick={onClick} className={classes.fieldLink} title="Go to this field">
      {children}
    </button>
  );
}
