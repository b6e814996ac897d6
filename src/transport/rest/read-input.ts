/** From an HTTP request to an endpoint's flat input: path parameters, query, JSON or multipart body. */
import { messageOf } from '../../environment/thrown.ts';
import { z } from 'zod';
import { ApiError, pathParameters, type Route } from '../../contract/index.ts';
import { jsonFault } from '../../environment/json-fault.ts';

/** JSON bodies above this answer 413. Files travel as multipart, which has its own bound. */
export const MAX_JSON_BYTES = 32 * 1024 * 1024;
export const MAX_MULTIPART_BYTES = 4 * 1024 ** 3 - 1;

/** @throws ApiError malformed_json, payload_too_large, unsupported_media_type */
export async function readInput(route: Route, request: Request, params: Record<string, string>): Promise<Record<string, unknown>> {
  const { endpoint } = route;
  const hasBody = endpoint.method === 'POST' || endpoint.method === 'PUT';
  const body = hasBody ? await readBody(route, request) : readQuery(route, new URL(request.url).searchParams);
  for (const name of pathParameters(endpoint.path)) {
    if (name in body && body[name] !== params[name]) {
      throw new ApiError(
        'validation_failed',
        `"${name}" is ${typeof body[name] === 'string' ? JSON.stringify(body[name].slice(0, 128)) : 'no text'} in the body and "${params[name]}" in the path; leave it out of the body.`,
        [{ path: `/${name}`, message: 'differs from the path.' }],
      );
    }
    body[name] = params[name];
  }
  return body;
}

/** Query values are JSON where the field is no string; what does not parse is left to validation. */
function readQuery({ endpoint }: Route, query: URLSearchParams): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [name, text] of query) input[name] = isText(endpoint.input.shape[name]) ? text : parseOr(text);
  return input;
}

function isText(field: unknown): boolean {
  if (field instanceof z.ZodOptional || field instanceof z.ZodDefault) return isText(field.unwrap());
  return field instanceof z.ZodString || field instanceof z.ZodEnum;
}

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function readBody(route: Route, request: Request): Promise<Record<string, unknown>> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (route.endpoint.multipart && type === 'multipart/form-data') return readMultipart(request);
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > MAX_JSON_BYTES) throw tooLarge(declared, MAX_JSON_BYTES, route);
  const bytes = await request.arrayBuffer();
  if (bytes.byteLength > MAX_JSON_BYTES) throw tooLarge(bytes.byteLength, MAX_JSON_BYTES, route);
  // What says its type is held to it, empty or not: a form that is sent from elsewhere always does.
  if (bytes.byteLength === 0 && type === '') return {};
  if (type !== 'application/json' && !type.endsWith('+json')) {
    const expected = route.endpoint.multipart ? 'application/json or multipart/form-data' : 'application/json';
    throw new ApiError('unsupported_media_type', `Content-Type is "${type || 'missing'}"; expected ${expected}.`);
  }
  return bytes.byteLength === 0 ? {} : parseBody(decodeUtf8(bytes));
}

function decodeUtf8(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ApiError('malformed_json', 'The body is not UTF-8, which JSON is written in.', [{ path: '', message: 'is not UTF-8.' }]);
  }
}

function parseBody(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const fault = jsonFault(text) ?? 'it is nested too deeply';
    throw new ApiError('malformed_json', `The body is not JSON: ${fault}.`, [{ path: '', message: `is not JSON: ${fault}.` }]);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ApiError(
      'validation_failed',
      `The body must be a JSON object; got ${Array.isArray(value) ? 'a list' : value === null ? 'null' : typeof value}.`,
      [{ path: '', message: 'must be an object.' }],
    );
  }
  return value as Record<string, unknown>;
}

/** The part `json` holds the fields; every other part is a file of `source.files`, its name the path. */
async function readMultipart(request: Request): Promise<Record<string, unknown>> {
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > MAX_MULTIPART_BYTES)
    throw new ApiError('payload_too_large', `The form has ${declared} bytes; at most ${MAX_MULTIPART_BYTES} are taken.`);
  let form: FormData;
  try {
    form = await request.formData();
  } catch (error) {
    throw new ApiError('malformed_json', `The multipart form can't be read: ${messageOf(error)}`);
  }
  const json = form.get('json');
  const fields = json === null ? {} : parseBody(typeof json === 'string' ? json : await json.text());
  const files = Array.from(form.entries()).flatMap(([name, data]) =>
    data instanceof Blob && name !== 'json' ? [{ path: name === 'file' || name === 'files' ? data.name : name, data }] : [],
  );
  return { ...fields, source: { kind: 'upload', files } };
}

function tooLarge(bytes: number, limit: number, { endpoint }: Route): ApiError {
  const advice = endpoint.multipart ? ' Send files as multipart/form-data.' : ' Split the call.';
  return new ApiError('payload_too_large', `The body has ${bytes} bytes; at most ${limit} are taken.${advice}`);
}
