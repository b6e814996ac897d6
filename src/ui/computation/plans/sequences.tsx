/** Sequences as text: each prompt, and what follows it. */
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../kit/client-context.tsx';
import { useModel } from '../../kit/model/use-model.ts';
import { ProblemAlert } from '../../kit/problem/problem-alert.tsx';
import classes from '../computation.module.css';
import { Hint } from '../../kit/layout/hint.tsx';

interface Props {
  /** `null` where they were made up: then only what follows is known. */
  prompts: readonly (readonly number[])[] | null;
  outputs: readonly (readonly number[])[] | null;
}

/** Of more, the number is told. */
const SHOWN = 8;

interface Texts {
  prompt: string;
  output: string;
}

export function Sequences({ prompts, outputs }: Props) {
  const client = useClient();
  const { data: model } = useModel();
  const count = (prompts ?? outputs ?? []).length;
  const shown = Array.from({ length: Math.min(SHOWN, count) }, (_, i) => ({ prompt: prompts?.[i] ?? [], output: outputs?.[i] ?? [] }));
  const { data, error } = useQuery({
    queryKey: ['tokenizer', 'texts', model?.weights?.weights_hash, shown],
    // Only an active model has a tokenizer to ask.
    enabled: model?.weights !== undefined && model.weights !== null,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }): Promise<Texts[]> => {
      // The whole at once, since a token's text may hang on the one before.
      const input_ids = shown.flatMap(({ prompt, output }) => [[...prompt], [...prompt, ...output]]);
      const { text } = await client.post('tokenizer', 'detokenize', { input_ids }, { signal });
      return shown.map((_, i) => {
        const [prompt = '', all = ''] = [text[2 * i], text[2 * i + 1]];
        return { prompt, output: all.startsWith(prompt) ? all.slice(prompt.length) : all };
      });
    },
  });
  if (error) return <ProblemAlert error={error} />;
  return (
    <ol className={classes.sequences}>
      {shown.map(({ prompt, output }, i) => (
        <li key={i}>
          <small className="gb-num">
            {prompts && `${prompt.length} `}
            {outputs && `+ ${output.length}`} tokens
          </small>
          <p>
            {data?.[i] && (
              <>
                <span>{data[i].prompt}</span>
                <b>{data[i].output}</b>
              </>
            )}
          </p>
        </li>
      ))}
      {count > SHOWN && (
        <li>
          <Hint>and {count - SHOWN} more</Hint>
        </li>
      )}
    </ol>
  );
}
