/** A script run for one caller: what it shows comes whole at its end, or as it is shown. */
import type { ScriptOutput } from '../../contract/code-run.ts';
import type { CallContext, Output, ParsedInput, StreamEvent } from '../../contract/index.ts';
import { streamed } from '../event-run.ts';
import { scriptCaller } from './script-caller.ts';
import type { ScriptRunner } from './script-runner.ts';

type RunEvent = StreamEvent<'code', 'run'>;

export async function runScript(
  scripts: ScriptRunner,
  { stream, scopes, ...asked }: ParsedInput<'code', 'run'>,
  context: CallContext,
): Promise<Output<'code', 'run'> | AsyncIterable<RunEvent>> {
  const script = { ...asked, caller: scriptCaller(asked.name, scopes, context.principal) };
  // What is shown goes out at once, where that can be: a loop without end that comes next would keep it here.
  if (stream)
    return streamed<RunEvent>(context.signal, async (push, signal) => ({
      event: 'done',
      data: await scripts.run(script, context.emit ?? push, signal),
    }));
  const output: ScriptOutput[] = [];
  const emit = (each: ScriptOutput) => {
    output.push(each);
    context.note?.(each);
  };
  const summary = await scripts.run(script, emit, context.signal ?? new AbortController().signal);
  return { ...summary, output };
}
