/** The document is kept: inputs drawn from its own schemas get answers that it documents, never a failure, and what it forbids is refused. */
import Ajv, { type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Route, routes } from '../contract/index.ts';
import { openApiDocument } from '../contract/openapi.ts';
import { openWorkbench, type Workbench } from '../services/computation/testing/workbench.ts';
import { loadTinyModel, operations } from '../testing/reference-workbench.ts';
import { fitting, type JsonSchema, misfitting } from './testing/schema-arbitrary.ts';
import { createRestApp } from './rest/app.ts';

interface Operation {
  parameters?: { name: string; in: 'path' | 'query'; required?: boolean; schema: JsonSchema }[];
  requestBody?: { required?: boolean; content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, { content: Record<string, { schema: JsonSchema }> }>;
}

const document = JSON.parse(JSON.stringify(openApiDocument())) as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema> };
};
const ajv = new Ajv({ strict: false, validateFormats: false });
ajv.addSchema({ $id: 'document', components: document.components });
const inDocument = (schema: JsonSchema) =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"document#/components')) as JsonSchema;
const compiled = new Map<JsonSchema, ValidateFunction>();
function validatorOf(schema: JsonSchema): ValidateFunction {
  let validate = compiled.get(schema);
  if (!validate) compiled.set(schema, (validate = ajv.compile(inDocument(schema))));
  return validate;
}

/** Plans, experiments and code resources over the real runtime, the rest over the reference. */
let computing: Workbench;
let app: ReturnType<typeof createRestApp>;
beforeAll(async () => {
  await loadTinyModel();
  computing = await openWorkbench();
  const { computation, code } = computing.operations;
  app = createRestApp({ ...operations, computation, code });
});
afterAll(() => computing.close());

/** What would leave the service without a model, or take as long as it is told to: only what they refuse is tried. */
const COSTLY =
  /^(PUT \/model\/weights|POST \/\w+\/test|POST \/computation\/(execute|benchmark|experiments)|PUT \/code\/resources\/\{id\}|POST \/code\/(test\/\{id\}|run))$/;
const isCostly = ({ endpoint, path }: Route) => COSTLY.test(`${endpoint.method} ${path}`);

interface Sent {
  path: Record<string, string>;
  query: Record<string, unknown>;
  body: unknown;
}

async function send({ endpoint, path }: Route, sent: Sent) {
  let address = `http://glassbox/api${path}`;
  for (const [name, value] of Object.entries(sent.path)) address = address.replace(`{${name}}`, encodeURIComponent(value));
  const url = new URL(address);
  for (const [name, value] of Object.entries(sent.query))
    url.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  const hasBody = endpoint.method === 'POST' || endpoint.method === 'PUT';
  const response = await app.fetch(
    new Request(url, {
      method: endpoint.method,
      ...(hasBody && { body: JSON.stringify(sent.body), headers: { 'content-type': 'application/json' } }),
    }),
  );
  const type = response.headers.get('content-type')!.split(';')[0]!;
  return { status: response.status, type, text: await response.text() };
}

function sentBy(operation: Operation, body: fc.Arbitrary<unknown>): fc.Arbitrary<Sent> {
  const parameters = operation.parameters ?? [];
  const each = (place: 'path' | 'query') =>
    fc.record(
      Object.fromEntries(
        parameters
          .filter((parameter) => parameter.in === place)
          .map(({ name, schema }) => [name, place === 'path' ? pathText : fitting(schema, document.components.schemas)]),
      ),
      { requiredKeys: parameters.filter((parameter) => parameter.in === place && parameter.required).map(({ name }) => name) },
    ) as fc.Arbitrary<Record<string, never>>;
  return fc.record({ path: each('path'), query: each('query'), body });
}

/** An address can't hold the others. */
const pathText = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !/^\.{1,2}$/.test(text) && text.isWellFormed());

function checkAnswer(operation: Operation, { status, type, text }: Awaited<ReturnType<typeof send>>): void {
  expect(status, text.slice(0, 300)).toBeLessThan(500);
  const documented = operation.responses[String(status)];
  expect(documented, `${status} is documented: ${text.slice(0, 300)}`).toBeDefined();
  const content = documented!.content[type];
  expect(content, `${type} is documented for ${status}`).toBeDefined();
  if (type === 'text/event-stream') return;
  const validate = validatorOf(content!.schema);
  expect(validate(JSON.parse(text)), `${text.slice(0, 200)} ${ajv.errorsText(validate.errors)}`).toBe(true);
}

describe.each(routes.map((route) => [`${route.endpoint.method} ${route.path}`, route] as const))('%s', (_, route) => {
  const operation = document.paths[route.path]![route.endpoint.method.toLowerCase()]!;
  const schema = operation.requestBody?.content['application/json']?.schema;

  test.skipIf(isCostly(route))('what the document takes gets an answer that it documents', async () => {
    const body = schema ? fitting(schema, document.components.schemas) : fc.constant(null);
    const trial = fc.assert(
      fc.asyncProperty(sentBy(operation, body), async (sent) => {
        checkAnswer(operation, await send(route, sent));
      }),
      { numRuns: 12 },
    );
    await expect(trial).resolves.toBeUndefined();
  });

  test.skipIf(!schema)('what the document forbids is refused', async () => {
    const forbids = validatorOf(schema!);
    await fc.assert(
      fc.asyncProperty(sentBy(operation, misfitting(schema!, document.components.schemas)), async (sent) => {
        fc.pre(!forbids(sent.body));
        const answer = await send(route, sent);
        checkAnswer(operation, answer);
        expect(answer.status, `${JSON.stringify(sent.body).slice(0, 300)} ${ajv.errorsText(forbids.errors)}`).toBeGreaterThanOrEqual(400);
      }),
      { numRuns: 25 },
    );
  });
});
