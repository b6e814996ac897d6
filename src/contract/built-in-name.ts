/** Fields that name something that came with the workbench: which there are, and the rule of each, told by the files in src/patchable. */
import { z } from 'zod';

type Rules<N extends string> = Readonly<Record<N, string>>;

/** One of them, or `patched` for the active version of a code resource. */
export const builtInName = <N extends string>(rules: Rules<N>, what: string, resource: string, more = '') =>
  z.enum([...(Object.keys(rules) as N[]), 'patched']).meta({
    description: `${what} ${ruleList(rules)} \`patched\`: what the code resource \`${resource}\` says.${more}`,
  });

/** `fcfs`: First come, first served. */
const ruleList = (rules: Rules<string>): string =>
  Object.entries(rules)
    .map(([name, rule]) => `\`${name}\`: ${rule}`)
    .join(' ');

/** `naive`, `grouped` */
export const nameList = (rules: Rules<string>): string =>
  Object.keys(rules)
    .map((name) => `\`${name}\``)
    .join(', ');
