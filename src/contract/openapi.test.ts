import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { routes } from './index.ts';
import { openApiDocument } from './openapi.ts';

test('the document is valid OpenAPI 3.1 and holds every route with its examples', async () => {
  const document = JSON.parse(JSON.stringify(openApiDocument())) as {
    paths: Record<string, Record<string, { requestBody?: { content: Record<string, { examples?: object }> } }>>;
  };
  const { valid, errors } = await new Validator().validate(document);
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  for (const { path, endpoint } of routes) {
    const operation = document.paths[path]?.[endpoint.method.toLowerCase()];
    expect(operation, `${endpoint.method} ${path}`).toBeDefined();
    if (endpoint.method === 'POST' || endpoint.method === 'PUT')
      expect(Object.keys(operation!.requestBody?.content['application/json']?.examples ?? {}).length, path).toBeGreaterThan(0);
  }
});

test('asked for again, it is the same: the text of an event is wrapped once', () => {
  const first = JSON.stringify(openApiDocument());
  expect(JSON.stringify(openApiDocument()) === first, 'the same document').toBe(true);
  expect(first.includes('"contentSchema":{"type":"string","contentMediaType":"application/json"'), 'wrapped twice').toBe(false);
});
