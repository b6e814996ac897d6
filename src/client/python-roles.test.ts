/**
 * The package in `python/` says of the contract what the contract says, and its roles call what those here call: written to its files with
 * `UPDATE_PYTHON=1`, held to them without. Its own tests (`pytest` in `python/`) read the same records.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { type Route } from '../contract/index.ts';
import { PLAN_FIELDS } from '../contract/plan.ts';
import { loadTinyModel, operations } from '../testing/reference-workbench.ts';
import { dispatch, newContext } from '../transport/dispatch.ts';
import type { Transport } from '../transport/transport.ts';
import { routeAt } from './address.ts';
import { Client } from './client.ts';
import { FIRST_RESOURCE } from './designer.ts';
import { rolesOf } from './roles.ts';

/** What the file holds, after it was written where that was asked for. */
function kept(path: string, text: string): string {
  if (process.env['UPDATE_PYTHON']) writeFileSync(path, text);
  return existsSync(path) ? readFileSync(path, 'utf8') : `${path} is not there: UPDATE_PYTHON=1 writes it`;
}

test('the module of the contract', () => {
  const resources = Object.entries(FIRST_RESOURCE).map(([service, id]) => `    "${service}": "${id}",\n`);
  const fields = PLAN_FIELDS.map((field) => `    "${field}",\n`);
  const text = `"""What the roles know of the contract; made from it by src/client/python-roles.test.ts."""\n\n#: The resource that stands for a whole service.\nFIRST_RESOURCE: dict[str, str] = {\n${resources.join('')}}\n\n#: Fields of an execution plan.\nPLAN_FIELDS: tuple[str, ...] = (\n${fields.join('')})\n`;
  expect(kept('python/src/glassbox/_contract.py', text)).toBe(text);
});

beforeAll(loadTinyModel);

test('calls of the roles, and answers of a workbench', async () => {
  const calls: object[] = [];
  const noting: Transport = {
    call: ({ endpoint, service }: Route, input) => {
      calls.push({ method: endpoint.method, service, path: endpoint.path, data: input });
      return Promise.resolve(null);
    },
    async *stream() {},
  };
  const { designer, researcher, tester } = rolesOf(new Client({ direct: noting, restful: null }));
  const plan = { id: 'wide', name: 'Wide', batch_size: 8 };
  await designer.createExecutionPlan(plan);
  await designer.patchCode('model', 'def attention(g, inputs): ...', 'python');
  await designer.patchCode('sampler', 'export default 1');
  const single = { batch_size: 4, seq_len: 512, kernel: 'flash_attention', memory_strategy: 'dynamic' as const };
  await researcher.runExperiment(single);
  const lists = { batch_size: [1, 8], kernel: 'naive', plan_id: 'default', wait: false };
  await researcher.runExperiment(lists);
  await tester.runServiceTests('tokenizer');
  await tester.runServiceTests('tokenizer', ['info']);
  const said = [
    ['designer.create_execution_plan', [plan]],
    ['designer.patch_code', ['model', 'def attention(g, inputs): ...', 'python']],
    ['designer.patch_code', ['sampler', 'export default 1']],
    ['researcher.run_experiment', [single]],
    ['researcher.run_experiment', [lists]],
    ['tester.run_service_tests', ['tokenizer']],
    ['tester.run_service_tests', ['tokenizer', ['info']]],
  ];
  const answers = await Promise.all(
    (
      [
        ['POST', 'tokenizer', 'tokenize', { text: 'Hello world' }],
        ['GET', 'tokenizer', 'tokenizer/none', {}],
        ['POST', 'tokenizer', 'tokenize', { text: 5 }],
      ] as const
    ).map(async ([method, service, path, data]) => {
      const call = { method, service, path, data };
      try {
        const answer = await dispatch(operations, routeAt(method, service, path), data, newContext('direct', 'record'));
        // The id and what took how long differ each time.
        return { ...call, answer: { ...(answer as object), id: 'tok_1' } };
      } catch (error) {
        const { code, status, message: detail, errors } = error as { code: string; status: number; message: string; errors: object[] };
        return { ...call, problem: { code, status, detail, errors } };
      }
    }),
  );
  const recorded = { roles: said.map(([name, args], i) => ({ name, args, call: calls[i] })), answers };
  const text = `${JSON.stringify(recorded, null, 2)}\n`;
  expect(JSON.parse(kept('python/tests/recorded.json', text))).toEqual(JSON.parse(text));
});
