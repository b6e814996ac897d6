/** What stands below the prompt before anything was generated: the distribution of the very next token, and what one can do here. */
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { useClient } from '../kit/client-context.tsx';
import { useTokenLabel } from '../kit/model/use-token-label.ts';
import classes from './playground.module.css';
import { ProblemAlert } from '../kit/problem/problem-alert.tsx';
import { type PromptSequence, textAfter } from './prompt-sequence.ts';
import { formatProbability } from '../kit/format.ts';

interface Props {
  ready: boolean;
  sequence: PromptSequence | undefined;
  weightsHash: string | undefined;
  /** Appends a token's text to the prompt. */
  onTake: (text: string) => void;
}

const CANDIDATES = 12;

export function Welcome({ ready, sequence, weightsHash, onTake }: Props) {
  const client = useClient();
  const label = useTokenLabel();
  const ids = sequence?.tokens.map(({ id }) => id) ?? [];
  const { data, error } = useQuery({
    queryKey: ['playground', 'next', weightsHash, ids.join()],
    queryFn: async ({ signal }) => {
      const input = { input_ids: ids, logits: 'top_k', top_k: CANDIDATES } as const;
      const { top_k } = await client.via('direct').post('model', 'forward', input, { signal });
      return top_k?.[0] ?? [];
    },
    enabled: ready && ids.length > 0,
    placeholderData: (previous) => previous,
    retry: false,
    staleTime: Infinity,
    gcTime: 20_000,
  });
  const widest = Math.exp(data?.[0]?.logprob ?? 0);
  return (
    <section className={classes.welcome} aria-label="The next token">
      {error && <ProblemAlert error={error} />}
      {data && data.length > 0 && (
        <>
          <h2>What comes next</h2>
          <p>The model’s {data.length} most probable next tokens for this prompt, as it is typed. Choose one to append it.</p>
          <ol>
            {data.map(({ token_id, token, logprob }) => (
              <li key={token_id}>
                <button
                  type="button"
                  title={`id ${token_id}, logprob ${logprob.toFixed(3)}`}
                  onClick={() => void textAfter(client, ids, { token_id, token }).then(onTake)}
                >
                  <span className={classes.meter} style={{ width: `${(100 * Math.exp(logprob)) / widest}%` }} aria-hidden="true" />
                  <code>{label({ piece: token, id: token_id })}</code>
                  <span className="gb-num">{formatProbability(logprob)}</span>
                </button>
              </li>
            ))}
          </ol>
        </>
      )}
      <ul className="gb-bullets gb-small gb-faint gb-stack gb-tight">
        <li>
          <b>Look into it.</b> Each generated token shows its probability, what else could have come, and what it attends to. Choose another
          one, and the text branches there.
        </li>
        <li>
          <b>Change it.</b> <Link href="/code">The code</Link> of attention, sampler and scheduler can be patched while it runs.
        </li>
        <li>
          <b>Call it.</b> All of this is <Link href="/api">an API</Link> that answers inside this tab, with{' '}
          <Link href="/scripts">scripts</Link> and <Link href="/computation/experiments">experiments</Link> over it.
        </li>
      </ul>
    </section>
  );
}
