/** The OpenAPI 3.1 document, made from the contract. */
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject, type ZodOpenApiResponseObject } from 'zod-openapi';
import { z } from 'zod';
import { examplesLink, metadata } from './envelope.ts';
import {
  API_VERSION,
  contract,
  ERRORS,
  type ErrorCode,
  type Endpoint,
  pathParameters,
  problemSchema,
  type Route,
  routes,
  type Scope,
  SCOPES,
  SCOPES_HEADER,
} from './index.ts';

/** Codes that any endpoint may answer, by whether it takes a body. */
const COMMON: readonly ErrorCode[] = ['unauthenticated', 'insufficient_scope', 'validation_failed', 'internal'];
const WITH_BODY: readonly ErrorCode[] = ['malformed_json', 'payload_too_large', 'unsupported_media_type'];

const documents = new Map<boolean, ReturnType<typeof createDocument>>();

/**
 * Made on first use, and the same from then on.
 * @param tokensRequired whether this server asks for tokens now: where it does not, no credentials will do too
 */
export function openApiDocument(tokensRequired = false): ReturnType<typeof createDocument> {
  const made = documents.get(tokensRequired) ?? makeDocument(tokensRequired);
  documents.set(tokensRequired, made);
  return made;
}

/** Name of the one security scheme. */
const BEARER = 'bearer';
const scopeLadder = Object.entries(SCOPES)
  .map(([scope, opens]) => `- \`${scope}\`: ${opens}`)
  .join('\n');

function makeDocument(tokensRequired: boolean): ReturnType<typeof createDocument> {
  const made = createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Glassbox',
      version: API_VERSION,
      description: 'Every part of LLM inference as a REST resource, in a browser tab.',
    },
    // Beside this document, wherever that is served from, and without a slash at the end: tools append the paths to it.
    servers: [{ url: '../api', description: 'This site: the service worker answers.' }],
    tags: Object.values(contract).map(({ name, description }) => ({ name, description })),
    paths: paths(tokensRequired),
    components: {
      securitySchemes: {
        [BEARER]: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'gbx_<id>_<secret>',
          description: `A token of \`POST /auth/tokens\`. Required where \`GET /auth/info\` says so. Scopes, each of which implies those before it:\n\n${scopeLadder}\n\nWith the header \`${SCOPES_HEADER}: read run\` a request asks for no more than these of what its caller has.`,
        },
      },
    },
  });
  for (const path of Object.values(made.paths ?? {}))
    for (const each of Object.values(path as Record<string, { responses?: Record<string, Streamed> }>))
      asServerSentEvents(each.responses?.['200']);
  return made;
}

interface Streamed {
  content?: Record<string, { schema?: { oneOf?: EventSchema[] } }>;
}

interface EventSchema {
  type: 'object';
  properties: { event: object; data: object };
  required: string[];
  additionalProperties: boolean;
}

/** On the wire `data` is a text that holds JSON; and a stream that fails in its midst says so in an event of its own. */
function asServerSentEvents(response: Streamed | undefined): void {
  const schema = response?.content?.['text/event-stream']?.schema;
  if (!schema?.oneOf) return;
  const asText = (data: object) => ({ type: 'string', contentMediaType: 'application/json', contentSchema: data });
  const failed: EventSchema = {
    type: 'object',
    properties: { event: { type: 'string', const: 'error' }, data: { $ref: '#/components/schemas/Problem' } },
    required: ['event', 'data'],
    additionalProperties: false,
  };
  schema.oneOf = [...schema.oneOf, failed].map((event) => ({
    ...event,
    properties: { ...event.properties, data: asText(event.properties.data) },
  }));
}

function paths(tokensRequired: boolean): ZodOpenApiPathsObject {
  const all: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    (all[route.path] ??= {})[route.endpoint.method.toLowerCase()] = operation(route, tokensRequired);
  }
  return all as ZodOpenApiPathsObject;
}

function operation({ service, operation: name, endpoint }: Route, tokensRequired: boolean): ZodOpenApiOperationObject {
  const inPath = pathParameters(endpoint.path);
  const hasBody = endpoint.method === 'POST' || endpoint.method === 'PUT';
  const rules = endpoint.input.meta()?.['allOf'];
  const rest = z.strictObject(withoutKeys(endpoint.input.shape, inPath) as z.ZodRawShape).meta(rules ? { allOf: rules } : {});
  const path = z.object(Object.fromEntries(inPath.map((key) => [key, endpoint.input.shape[key] as z.ZodType])));
  const examples = Object.fromEntries(
    endpoint.examples
      .filter((example) => example.expected_error !== 'validation_failed')
      .map((example) => [
        example.name,
        { summary: example.description, value: withoutKeys(example.input as Record<string, unknown>, inPath) },
      ]),
  );
  return {
    operationId: `${service}_${name}`,
    tags: [service],
    summary: endpoint.summary,
    description: endpoint.description,
    // No scopes there: OpenAPI has them for OAuth alone, and linters say so.
    security: [{ [BEARER]: [] }, ...(tokensRequired ? [] : [{}])],
    'x-scope': endpoint.scope,
    requestParams: { ...(inPath.length > 0 && { path }), ...(!hasBody && { query: rest }) },
    ...(hasBody && { requestBody: { required: !endpoint.input.safeParse({}).success, content: bodiesOf(endpoint, rest, examples) } }),
    responses: {
      200: {
        description: 'OK',
        content: {
          'application/json': { schema: z.object({ data: endpoint.output, metadata, examples: examplesLink }) },
          ...(endpoint.event && { 'text/event-stream': { schema: endpoint.event } }),
        },
      },
      ...problems([...COMMON, ...(hasBody ? WITH_BODY : []), ...endpoint.errors], endpoint.scope),
    },
  };
}

/** JSON; and a form, where files travel beside it. */
function bodiesOf({ multipart, input }: Endpoint, json: z.ZodObject, examples: Record<string, { summary: string; value: unknown }>) {
  const { source: _, ...fields } = input.shape as Record<string, z.ZodType>;
  const form = z
    .object({ json: z.strictObject(fields).optional().meta({ description: 'The fields besides `source`, as JSON.' }) })
    .catchall(file)
    .meta({
      description:
        '`source` is made of the parts: each is a file, its name the path in the folder; the names `file` and `files` stand for the file name.',
    });
  return {
    'application/json': { schema: json, examples },
    ...(multipart && {
      'multipart/form-data': { schema: form, encoding: { json: { contentType: 'application/json' } } },
    }),
  };
}

const file = z.string().meta({ override: { type: 'string', format: 'binary' } });

function problems(codes: readonly ErrorCode[], scope: Scope): Record<string, ZodOpenApiResponseObject> {
  const statuses = [...new Set(codes.map((code) => ERRORS[code].status))];
  return Object.fromEntries(
    statuses.map((status) => {
      const group = [...new Set(codes)].filter((code) => ERRORS[code].status === status);
      const needs = status === ERRORS.insufficient_scope.status ? `; needs \`${scope}\`` : '';
      const description = group.map((code) => `\`${code}\`: ${ERRORS[code].title}`).join('; ') + needs;
      return [
        String(status),
        {
          description,
          ...((status === 401 || status === 403) && { headers: challenged }),
          content: { 'application/problem+json': { schema: problemSchema } },
        },
      ];
    }),
  );
}

const challenged = z.object({
  'WWW-Authenticate': z.string().meta({ description: 'The challenge of RFC 6750; for 403 with the scope that is missing.' }),
});

function withoutKeys(value: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}
