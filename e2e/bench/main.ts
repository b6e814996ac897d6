/** Runs the benchmarks one after the other, prints their table and writes it as JSON. A missed target is a row, not a failure. */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { type Row, rowOf } from './benchmark.ts';
import { benchmarks } from './benchmarks.ts';
import { tableOf } from './table.ts';
import { openWorkplace } from './workplace.ts';

const USAGE = `npm run bench [-- --only ${benchmarks.map(({ name }) => name).join(',')}] [--json FILE] [--dist FOLDER]
  --only  some of the benchmarks, separated by commas
  --json  where the rows go (e2e/bench/results.json)
  --dist  a built site to measure in place of dist/, taken as it is`;

/** @returns the exit code: 0 unless it could not run */
export async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: { only: { type: 'string' }, json: { type: 'string' }, dist: { type: 'string' }, help: { type: 'boolean' } },
  });
  const wanted = values.only?.split(',');
  const unknown = wanted?.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name)) ?? [];
  if (values.help || unknown.length > 0) {
    console.info(unknown.length > 0 ? `There is no benchmark ${unknown.join(', ')}.\n${USAGE}` : USAGE);
    return values.help ? 0 : 2;
  }

  const workplace = await openWorkplace(values.dist);
  const rows: Row[] = [];
  try {
    for (const { name, run } of benchmarks.filter((benchmark) => !wanted || wanted.includes(benchmark.name))) {
      const start = performance.now();
      process.stderr.write(`${name} …`);
      const measured = await run(workplace).catch((error: unknown) => [
        { name, ours: null, unit: '', note: `failed: ${error instanceof Error ? error.message : String(error)}` },
      ]);
      rows.push(...measured.map((each) => rowOf(name, each)));
      process.stderr.write(` ${((performance.now() - start) / 1000).toFixed(0)} s\n`);
    }
  } finally {
    await workplace.close();
  }

  const { browser } = workplace;
  const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, browser: browser.version, node: process.version };
  console.info(
    `\n${tableOf(rows)}\n\n${machine.cores} cores (${machine.processor}), Chromium ${machine.browser}, Node ${machine.node}. Sides took turns: the ratio is the median over the rounds, best that of each side's best round.`,
  );
  const file = values.json ?? 'e2e/bench/results.json';
  writeFileSync(file, `${JSON.stringify({ measured_at: new Date().toISOString(), machine, rows }, null, 2)}\n`);
  console.info(`Written to ${file}.`);
  return 0;
}
