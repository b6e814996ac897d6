/** A server with folders in Hugging Face layout, in the hub's paths too, and with every way in which such a folder can be broken. */
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';

const MODELS = 'fixtures/models';
const OPAQUE = 'fixtures/onnx';
const TOKENIZER = 'fixtures/tokenizers/bytelevel-bpe';
/** Folders from outside the repository, by name: `name=path`, separated by commas. */
const EXTRA = Object.fromEntries(
  (process.env['GLASSBOX_MODELS'] ?? '').split(',').flatMap((pair) => (pair.includes('=') ? [pair.split('=') as [string, string]] : [])),
);

type Breakage = (file: string, response: ServerResponse, path: string) => boolean;

const weightsWith =
  (breakIt: (bytes: Buffer) => Buffer): Breakage =>
  (file, response, path) =>
    file.endsWith('.safetensors') && answer(response, 200, 'application/octet-stream', breakIt(readFileSync(path)));

/** What the first tensor says of its place. */
const FIRST_OFFSETS = /"data_offsets":\s*\[(\d+),\s*(\d+)\]/;

/** On a row of spaces it tries as many ways as the third power of its length: minutes for ten thousand. */
const SLOW = { Regex: '\\s*[ ]*x' };

const tokenizerWith =
  (change: (tokenizer: { added_tokens: object[] }) => object): Breakage =>
  (file, response, path) =>
    file === 'tokenizer.json' &&
    answer(response, 200, 'application/json', JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')) as { added_tokens: object[] })));

/** What is wrong with the folder `broken/<name>`; true when it answered. */
const BROKEN: Record<string, Breakage> = {
  'missing-weights': (file, response) => file.endsWith('.safetensors') && answer(response, 404, 'text/plain', 'Entry not found'),
  'html-weights': (file, response) =>
    file.endsWith('.safetensors') && answer(response, 200, 'text/html', '<!doctype html><title>Sign in</title>'),
  truncated: (file, response, path) =>
    file.endsWith('.safetensors') && answer(response, 200, 'application/octet-stream', readFileSync(path).subarray(0, 4000)),
  'lying-header': weightsWith((bytes) =>
    withHeader(bytes, (header) => header.replace(FIRST_OFFSETS, (_, from, to) => `"data_offsets":[${from},${Number(to) * 2}]`)),
  ),
  'overlapping-tensors': weightsWith((bytes) => withHeader(bytes, (header) => header.replace(/("data_offsets":\s*\[)(\d+),/g, '$10,'))),
  'unknown-dtype': weightsWith((bytes) => withHeader(bytes, (header) => header.replace(/"dtype":\s*"\w+"/, '"dtype":"F7"'))),
  'header-no-json': weightsWith((bytes) => withHeader(bytes, (header) => header.replaceAll(':', ';'))),
  'header-beyond-the-file': weightsWith((bytes) => withHeaderLength(bytes, BigInt(bytes.length) * 2n)),
  'header-of-exabytes': weightsWith((bytes) => withHeaderLength(bytes, 2n ** 62n)),
  'corrupt-tokenizer': (file, response) =>
    file === 'tokenizer.json' && answer(response, 200, 'application/json', '{"version": "1.0", "model": {"type": "BPE", "vocab": 7}}'),
  'wrong-shape': (file, response, path) =>
    file === 'config.json' &&
    answer(response, 200, 'application/json', readFileSync(path, 'utf8').replace(/"intermediate_size": \d+/, '"intermediate_size": 31')),
  'endless-load': tokenizerWith((tokenizer) => ({
    ...tokenizer,
    normalizer: { type: 'Replace', pattern: SLOW, content: '' },
    added_tokens: [
      ...tokenizer.added_tokens,
      // Each of them is normalised.
      ...Array.from({ length: 500 }, (_, i) => ({ id: 9000 + i, content: `${' '.repeat(990)}${i}`, normalized: true, special: false })),
    ],
  })),
  'endless-text': tokenizerWith((tokenizer) => ({
    ...tokenizer,
    pre_tokenizer: { type: 'Split', pattern: SLOW, behavior: 'Isolated', invert: false },
  })),
  'not-json': (file, response) => file === 'config.json' && answer(response, 200, 'application/json', '{"model_type": '),
};

export function serveWeights(port: number): Promise<Server> {
  const server = createServer((request, response) => {
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', '*');
    response.setHeader('access-control-expose-headers', '*');
    if (request.method === 'OPTIONS') return void answer(response, 204, 'text/plain', '');
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    // The hub's paths: /owner/name/resolve/revision/file
    const hub = /^\/[\w.-]+\/([\w.-]+)\/resolve\/[^/]+\/(.+)$/.exec(path);
    const [, folder, file] = hub ?? /^\/(.+)\/([^/]+)$/.exec(path) ?? [];
    if (!folder || !file) return void answer(response, 404, 'text/plain', 'Not found');
    const broken = /^broken\/(.+)$/.exec(folder)?.[1];
    const found = locate(broken ? 'llama-gqa-tied' : folder, file);
    if (broken && found && BROKEN[broken]?.(file, response, found)) return;
    if (!found) return void answer(response, 404, 'text/plain', 'Entry not found');
    response.writeHead(200, {
      'content-type': file.endsWith('.json') ? 'application/json' : 'application/octet-stream',
      'content-length': statSync(found).size,
    });
    if (request.method === 'HEAD') response.end();
    else createReadStream(found).pipe(response);
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

function locate(folder: string, file: string): string | null {
  const opaque = /^opaque\/([\w-]+)(\/onnx)?$/.exec(folder);
  if (opaque) {
    const path = file.startsWith('tokenizer') ? join(TOKENIZER, file) : join(OPAQUE, opaque[1]!, opaque[2] ?? '', file);
    return existsSync(path) ? path : null;
  }
  const candidates = [
    EXTRA[folder] && join(EXTRA[folder], file),
    join(MODELS, folder, file),
    file.startsWith('tokenizer') && existsSync(join(MODELS, folder)) && join(TOKENIZER, file),
  ];
  return candidates.find((path): path is string => typeof path === 'string' && path !== '' && existsSync(path)) ?? null;
}

function answer(response: ServerResponse, status: number, type: string, body: string | Buffer): true {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
  return true;
}

function withHeader(bytes: Buffer, change: (header: string) => string): Buffer {
  const length = Number(bytes.readBigUInt64LE(0));
  const header = Buffer.from(change(bytes.subarray(8, 8 + length).toString()));
  return Buffer.concat([withHeaderLength(bytes.subarray(0, 8), BigInt(header.length)), header, bytes.subarray(8 + length)]);
}

function withHeaderLength(bytes: Buffer, length: bigint): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeBigUInt64LE(length);
  return changed;
}
