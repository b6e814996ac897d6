/** The notice stands where it helps and nowhere else. */
import { expect, it } from 'vitest';
import { notice } from './chat-notice.tsx';

const CHATML = "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}{% endfor %}";

it.each([
  ['nothing known yet', undefined, 'm', /^null$/],
  ['no template', null, 'm', /no chat template/],
  ['a template without roles', '{#- the role is lost -#}{{ messages[0].content }}', 'm', /does not tell who speaks/],
  ['a story model', CHATML, 'TinyStories-33M', /short stories/],
  ['an instruct model', CHATML, 'SmolLM2-135M-Instruct', /^null$/],
])('%s', (_, template, modelId, expected) => {
  expect(String(notice(template, modelId))).toMatch(expected);
});
