/** The request on screen as code: our client in both modes, `fetch`, curl, Python. */
import { pathParameters, type Route } from '../../../contract/index.ts';

export interface Sample {
  id: 'restful' | 'direct' | 'fetch' | 'curl' | 'python';
  label: string;
  code: string;
}

interface Request {
  route: Route;
  input: Record<string, unknown>;
  /** Absolute URL of the API, ending in `/api`. */
  apiBase: string;
  /** Whether a token is sent: its place is in the code, the token never. */
  bearer: boolean;
}

/** From where the code takes its token. */
const TOKEN = 'GLASSBOX_TOKEN';

export function samples(request: Request): Sample[] {
  return [
    { id: 'restful', label: 'Client, RESTful', code: client(request, true) },
    { id: 'direct', label: 'Client, direct', code: client(request, false) },
    { id: 'fetch', label: 'fetch', code: fetchSample(request) },
    { id: 'curl', label: 'curl', code: curl(request) },
    { id: 'python', label: 'Python', code: python(request) },
  ];
}

const streams = ({ route, input }: Request) => Boolean(route.endpoint.event) && input['stream'] === true;
const hasBody = ({ route }: Request) => route.endpoint.method === 'POST' || route.endpoint.method === 'PUT';

function client(request: Request, restful: boolean): string {
  const { route, input } = request;
  const { method, path } = route.endpoint;
  const { stream: _, ...streamed } = input;
  const argumentList = (value: Record<string, unknown>) =>
    [route.service, path].map(quote).join(', ') + (Object.keys(value).length > 0 ? `, ${json(value)}` : '');
  const head = `const { client } = glassbox;\nclient.enableRestfulMode(${restful});\n\n`;
  if (streams(request)) {
    return `${head}for await (const { event, data } of client.stream(${argumentList(streamed)})) {\n  console.log(event, data);\n}\n`;
  }
  return `${head}const data = await client.${method.toLowerCase()}(${argumentList(input)});\n`;
}

function fetchSample(request: Request): string {
  const { url, body, method } = http(request);
  const headers = [body && `'content-type': 'application/json'`, request.bearer && 'authorization: `Bearer ${token}`'].filter(Boolean);
  const options = [
    method !== 'GET' && `  method: ${quote(method)},`,
    headers.length > 0 && `  headers: { ${headers.join(', ')} },`,
    body && `  body: JSON.stringify(${indent(json(body), 2)}),`,
  ].filter(Boolean);
  const head = request.bearer ? `const token = 'gbx_…'; // from Access, or POST /auth/tokens\n` : '';
  const call = `${head}const response = await fetch(${quote(url)}${options.length > 0 ? `, {\n${options.join('\n')}\n}` : ''});\n`;
  if (!streams(request)) return `${call}const { data, metadata } = await response.json();\n`;
  return `${call}for await (const text of response.body.pipeThrough(new TextDecoderStream())) {\n  console.log(text); // event: token, data: {…}\n}\n`;
}

function curl(request: Request): string {
  const { url, body, method } = http(request);
  const lines = [`curl${streams(request) ? ' --no-buffer' : ''}${method === 'GET' ? '' : ` --request ${method}`} ${shellQuote(url)}`];
  if (request.bearer) lines.push(`--header "authorization: Bearer $${TOKEN}"`);
  if (body) lines.push(`--header 'content-type: application/json'`, `--data ${shellQuote(json(body))}`);
  return `${lines.join(' \\\n  ')}\n`;
}

function python(request: Request): string {
  const { url, body, method } = http(request);
  const stream = streams(request);
  const header = request.bearer && `headers={"Authorization": f"Bearer {os.environ['${TOKEN}']}"}`;
  const lines = [JSON.stringify(url), header, body && `json=${indent(pythonLiteral(body), 4)}`, stream && 'stream=True'].filter(Boolean);
  const call = `${request.bearer ? 'import os\n\n' : ''}import requests\n\nresponse = requests.${method.toLowerCase()}(\n    ${lines.join(',\n    ')},\n)\nresponse.raise_for_status()\n`;
  return stream
    ? `${call}for line in response.iter_lines(decode_unicode=True):\n    print(line)\n`
    : `${call}data = response.json()["data"]\n`;
}

/** The request as it goes over the wire: path parameters and query in the address, the rest in the body. */
function http(request: Request): { url: string; body: Record<string, unknown> | undefined; method: string } {
  const { route, input, apiBase } = request;
  const fields = { ...input };
  let path = route.path;
  for (const name of pathParameters(route.endpoint.path)) {
    path = path.replace(`{${name}}`, encodeURIComponent(String(fields[name] ?? '')));
    delete fields[name];
  }
  const { method } = route.endpoint;
  if (hasBody(request)) return { url: apiBase + path, body: fields, method };
  const query = new URLSearchParams(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  ).toString();
  return { url: `${apiBase}${path}${query ? `?${query}` : ''}`, body: undefined, method };
}

const json = (value: unknown): string => compact(value, JSON.stringify);
const pythonLiteral = (value: unknown): string =>
  compact(value, (leaf) => (leaf === null ? 'None' : leaf === true ? 'True' : leaf === false ? 'False' : JSON.stringify(leaf)));

/** Objects over several lines, lists of plain values on one. */
function compact(value: unknown, leaf: (value: unknown) => string, depth = 0): string {
  const inner = '  '.repeat(depth + 1);
  const outer = '  '.repeat(depth);
  if (Array.isArray(value)) {
    const items = value.map((item) => compact(item, leaf, depth + 1));
    const flat = value.every((item) => typeof item !== 'object' || item === null);
    return flat || items.length === 0 ? `[${items.join(', ')}]` : `[\n${items.map((item) => inner + item).join(',\n')}\n${outer}]`;
  }
  if (typeof value !== 'object' || value === null) return leaf(value);
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  return `{\n${entries.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${compact(item, leaf, depth + 1)}`).join(',\n')}\n${outer}}`;
}

const indent = (text: string, by: number): string => text.replaceAll('\n', `\n${' '.repeat(by)}`);
const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const shellQuote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
