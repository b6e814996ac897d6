import { describe, expect, it } from 'vitest';
import { type Route, routes } from '../../../contract/index.ts';
import { samples } from './samples.ts';

const apiBase = 'https://example.org/glassbox/api';
const route = (service: string, operation: string): Route =>
  routes.find((candidate) => candidate.service === service && candidate.operation === operation)!;
const codeOf = (service: string, operation: string, input: Record<string, unknown>) =>
  Object.fromEntries(samples({ route: route(service, operation), input, apiBase, bearer: false }).map(({ id, code }) => [id, code]));

function parses(make: () => unknown): boolean {
  try {
    make();
    return true;
  } catch {
    return false;
  }
}

describe('samples', () => {
  it('puts path parameters in the path and the rest of a GET in the query', () => {
    const { fetch, curl, python, restful } = codeOf('tokenizer', 'detokenizeById', { id: 'a/b?c', skip_special_tokens: true });
    const url = `${apiBase}/tokenizer/detokenize/a%2Fb%3Fc?skip_special_tokens=true`;
    for (const code of [fetch, curl, python]) expect(code).toContain(url);
    expect(restful).toContain("client.get('tokenizer', 'detokenize/{id}', {");
  });

  it('sends a body of the fields', () => {
    const { fetch, curl, python, direct } = codeOf('tokenizer', 'tokenize', { text: "it's", add_special_tokens: false });
    expect(fetch).toContain("method: 'POST'");
    expect(fetch).toContain('"add_special_tokens": false');
    expect(curl).toContain(`it'\\''s`);
    expect(python).toContain('"add_special_tokens": False');
    expect(direct).toContain('enableRestfulMode(false)');
  });

  it('reads a stream where one is asked for', () => {
    const { restful, fetch, curl, python } = codeOf('model', 'generate', { prompt: 'Hi', stream: true });
    expect(restful).toContain('for await (const { event, data } of client.stream(\'model\', \'generate\', {\n  "prompt": "Hi"\n}))');
    expect(fetch).toContain('response.body');
    expect(curl).toContain('--no-buffer');
    expect(python).toContain('stream=True');
  });

  it('has a place for the token, and never the token', () => {
    const request = { route: route('tokenizer', 'tokenize'), input: { text: 'a' }, apiBase };
    const codes = (bearer: boolean) => Object.fromEntries(samples({ ...request, bearer }).map(({ id, code }) => [id, code]));
    for (const bearer of [false, true]) {
      const { fetch, curl, python, restful, direct } = codes(bearer);
      for (const code of [fetch, curl, python]) expect(/authorization/i.test(code!)).toBe(bearer);
      // The page's own client has its own.
      for (const code of [restful, direct]) expect(code).not.toMatch(/authorization/i);
    }
    const { fetch, curl, python } = codes(true);
    expect(fetch).toContain("headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }");
    expect(curl).toContain('--header "authorization: Bearer $GLASSBOX_TOKEN"');
    expect(python).toContain(`headers={"Authorization": f"Bearer {os.environ['GLASSBOX_TOKEN']}"}`);
  });

  it('gives JavaScript that parses, for every example of the contract', () => {
    const AsyncFunction = (async () => {}).constructor as new (code: string) => unknown;
    const broken = routes
      .flatMap((each) =>
        each.endpoint.examples.flatMap(({ input }) =>
          samples({ route: each, input: input as Record<string, unknown>, apiBase, bearer: true }),
        ),
      )
      .filter(({ id }) => id === 'restful' || id === 'direct' || id === 'fetch')
      .filter(({ code }) => !parses(() => new AsyncFunction(code)));
    expect(broken).toEqual([]);
  });
});
