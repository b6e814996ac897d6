/** The example of a plan as text: what its prompts say, what must follow, and prompts to be written instead. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useClient } from '../../kit/client-context.tsx';
import { FormFaults, isSameInput } from '../../kit/entry/form-faults.tsx';
import { LongTextEntry } from '../../kit/entry/text-entry.tsx';
import { ProblemAlert } from '../../kit/problem/problem-alert.tsx';
import classes from '../computation.module.css';
import { type PlanDraft, whole } from './plan-draft.ts';
import { Sequences } from './sequences.tsx';
import { useExamplePrompts } from './use-example-prompts.ts';
import { Hint } from '../../kit/layout/hint.tsx';

interface Props {
  draft: PlanDraft;
  onChange: (draft: PlanDraft) => void;
}

export function ExampleText({ draft, onChange }: Props) {
  const client = useClient();
  const [text, setText] = useState('');
  const prompts = text.split('\n').filter((line) => line.trim() !== '');
  const tokenize = useMutation({
    mutationFn: (lines: string[]) => client.post('tokenizer', 'tokenize', { text: lines, return_offsets: false }),
    onSuccess: ({ input_ids }) => {
      const ids = input_ids as number[][];
      onChange({
        ...draft,
        batch_size: ids.length,
        seq_len: Math.max(...ids.map(({ length }) => length)) + (whole(draft).decode_tokens ?? 0),
        example_input: { input_ids: ids },
      });
      setText('');
    },
  });
  const refused = tokenize.error && isSameInput(tokenize.variables, prompts) ? tokenize.error : null;
  const input = useExamplePrompts(draft.example_input);
  return (
    <>
      {input ? (
        <Sequences prompts={input} outputs={draft.example_output?.token_ids ?? null} />
      ) : (
        <Hint>Without an example input the plan runs on prompts that are made up from a seed.</Hint>
      )}
      <FormFaults error={refused}>
        <form
          className={classes.prompts}
          onSubmit={(event) => {
            event.preventDefault();
            if (prompts.length > 0) tokenize.mutate(prompts);
          }}
        >
          <LongTextEntry
            name="Prompts"
            path="/text"
            label={input ? 'Other prompts, one a line' : 'Prompts, one a line'}
            autosize
            minRows={2}
            maxRows={8}
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
          />
          <Button type="submit" size="compact-sm" variant="default" disabled={prompts.length === 0} loading={tokenize.isPending}>
            Take as example input
          </Button>
        </form>
        {refused && <ProblemAlert error={refused} />}
      </FormFaults>
    </>
  );
}
