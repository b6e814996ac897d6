/** Shows an RFC 9457 problem so that its reader knows what was wrong, where, and what to do next. */
import { Button } from '@mantine/core';
import { ApiError, type ErrorCode, ERRORS } from '../../../contract/index.ts';
import { useIsSaid } from '../entry/form-faults.tsx';
import { Icon } from '../icons.tsx';
import { faultSentence, problemParts } from './problem-parts.ts';
import classes from './notices.module.css';

const ADVICE: Partial<Record<ErrorCode, string>> = {
  unauthenticated: 'Reload the page to give it a new session. Tokens for other callers are given out under Access.',
  insufficient_scope: 'Call by a token that has the scope; Access gives tokens out.',
  context_exceeded: 'Shorten the prompt, lower max_new_tokens, or load a model with a longer context.',
  model_not_loaded: 'Load a model from the bar at the top; generation goes on from there.',
  tokenizer_invalid: 'This tokenizer cannot render chat messages. The completion view works with every model.',
  token_out_of_range: 'The ids come from another tokenizer. Generate again after a model was changed.',
  queue_full: 'Other generations fill the queue. Wait for one to end, then try again.',
  out_of_blocks: 'The KV cache is full. Stop another generation, lower n or max_new_tokens, or give the cache more blocks in Memory.',
};

interface Props {
  error: unknown;
  onRetry?: (() => void) | undefined;
}

/** Within `FormFaults`, without what a field says already. */
export function ProblemAlert({ error, onRetry }: Props) {
  const isSaid = useIsSaid();
  const problem = ApiError.from(error);
  const { text, items } = problemParts({ code: problem.code, text: problem.message, errors: problem.errors });
  const unsaid = items.filter(({ path }) => !isSaid(path));
  if (text === null && unsaid.length === 0) return null;
  const { title, status } = ERRORS[problem.code];
  const advice = ADVICE[problem.code];
  return (
    <section className={classes.problem} role="alert">
      <Icon name="warning" />
      <div>
        <h3>
          {title} <span className="gb-num">{status}</span>
        </h3>
        {text !== null && <p>{text}</p>}
        {unsaid.length > 0 && (
          <ul className="gb-bullets">
            {unsaid.map((item) => (
              <li key={item.path + item.message}>{faultSentence(item)}</li>
            ))}
          </ul>
        )}
        {advice && <p className={classes.advice}>{advice}</p>}
      </div>
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </section>
  );
}
