/** A problem document for a person: what was wrong, in which field (a link to it), and what can be done. */
import type { ReactNode } from 'react';
import type { ErrorCode, Problem } from '../../../contract/index.ts';
import classes from './response.module.css';

interface Props {
  problem: Problem;
  /** Shows the field that a pointer names. */
  onField: (pointer: string) => void;
}

const ADVICE: Partial<Record<ErrorCode, string>> = {
  model_not_loaded: 'Load a model first: press the model in the top bar.',
  not_implemented: 'The contract has this endpoint; its service is not built yet, and nothing is made up in its place.',
  queue_full: 'Wait for a running request to end, or cancel one.',
  out_of_blocks: 'Free KV blocks by cancelling a generation, or ask for fewer tokens.',
};

export function ProblemView({ problem, onField }: Props) {
  const advice = ADVICE[problem.code];
  return (
    <section className={classes.problem} aria-label="Problem" data-tone={problem.code === 'cancelled' ? 'calm' : undefined}>
      <h3>{problem.title}</h3>
      <p>{problem.detail}</p>
      {problem.errors.length > 0 && (
        <ul>
          {problem.errors.map(({ path, message }, index) => (
            <li key={`${index}${path}`}>
              {path.startsWith('/') ? <FieldLink onClick={() => onField(path)}>{path}</FieldLink> : path && <code>{path}</code>}
              <span>{message}</span>
            </li>
          ))}
        </ul>
      )}
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
