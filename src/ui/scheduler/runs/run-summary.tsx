/** What a run was served by, what came of its requests, and how far the simulation's clock can be trusted. */
import { Button } from '@mantine/core';
import { formatMs } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import type { Run } from './run-store.ts';
import { CardHead } from '../../kit/layout/card.tsx';
import { Hint } from '../../kit/layout/hint.tsx';

const SOURCES = {
  fitted: 'fitted to this device’s own steps',
  given: 'as given',
  default: 'a default: this device has taken too few steps to fit it',
} as const;

export function RunSummary({ run }: { run: Run }) {
  const { result, name, title } = run;
  const { cost_model: cost, requests } = result;
  const lost = requests.filter(({ outcome }) => outcome !== 'finished');
  return (
    <>
      <CardHead>
        <h2>
          {name} <small>{title}</small>
        </h2>
        <Button variant="default" size="compact-sm" leftSection={<Icon name="download" size={14} />} onClick={() => download(run)}>
          Export JSON
        </Button>
      </CardHead>
      <Hint>
        {result.rule} {result.step_mode}, {result.token_budget} tokens a step, {result.max_num_seqs} sequences, {result.num_blocks} blocks
        of {result.block_size} tokens, {result.memory_strategy}.
        {cost &&
          ` Time of a step: ${SOURCES[cost.source]}${cost.source === 'fitted' ? ` (${cost.fitted_steps} steps${cost.mean_absolute_percentage_error === null ? '' : `, off by ${cost.mean_absolute_percentage_error.toFixed(1)} % on average`})` : ''}; a step costs ${formatMs(cost.model.base_ms)} and ${formatMs(cost.model.ms_per_sequence)} a sequence.`}
      </Hint>
      {lost.length > 0 && (
        <ul className="gb-bullets gb-small gb-warn">
          {lost.slice(0, 5).map(({ request_id, outcome, reason }) => (
            <li key={request_id}>
              <code>{request_id}</code> {outcome}: {reason ?? 'no reason was given'}
            </li>
          ))}
          {lost.length > 5 && <li>and {lost.length - 5} more</li>}
        </ul>
      )}
    </>
  );
}

function download({ name, result }: Run): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(result, null, 2)], { type: 'application/json' }));
  const link = document.createElement('a');
  Object.assign(link, { href: url, download: `schedule-${name}-${result.policy}-${result.mode}.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
