/** What a person is told when the model that served last is on its way back, or does not come. */
import type { Health, Workbench } from '../kit/client-context.tsx';
import type { Notice } from './notices.ts';

export function startNotices({ restoring }: Health, { useDefault, again }: Workbench['startingModel']): Notice[] {
  if (!restoring) return [];
  const { model, state, why } = restoring;
  if (state === 'loading') {
    return [
      {
        key: `restoring:${model}`,
        tone: 'info',
        text: `${model} served when the page was last open, and is being loaded again.`,
        action: { label: 'Use the default model', run: useDefault },
      },
    ];
  }
  return [
    {
      key: `given-up:${model}:${why}`,
      tone: 'warn',
      text: `The default model serves in place of ${model}, which served when the page was last open: ${sentence(why)}`,
      ...(again && { action: { label: 'Load it again', run: again } }),
    },
  ];
}

const sentence = (why: string | null): string => (why ? why.replace(/\.?$/, '.') : 'it could not be loaded.');
