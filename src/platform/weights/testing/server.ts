/** A web server for the loader's tests, which can also answer as badly as real ones do. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Body = string | Uint8Array;
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;
/** By path below the root: a body, or what to do instead. */
export type Files = Record<string, Body | Handler>;

export class TestServer {
  readonly log: string[] = [];
  #server: Server;
  private constructor(
    readonly files: Files,
    readonly url: string,
    server: Server,
  ) {
    this.#server = server;
  }

  static async start(files: Files): Promise<TestServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const started = new TestServer(files, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server);
    server.on('request', (request, response) => started.#answer(request, response));
    return started;
  }

  /** From now on nobody answers. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.log.push(`${request.method} ${request.url}`);
    const file = this.files[decodeURIComponent(new URL(request.url ?? '/', this.url).pathname.slice(1))];
    if (typeof file === 'function') return file(request, response);
    if (file === undefined) return void response.writeHead(404, { 'content-type': 'text/html' }).end('<html>not here</html>');
    const body = Buffer.from(file as Uint8Array);
    response.writeHead(200, { 'content-length': body.byteLength, etag: `"${createHash('sha1').update(body).digest('hex')}"` });
    response.end(request.method === 'HEAD' ? undefined : body);
  }
}

/** A server that answers an HTML page with 200, as single-page hosts and login walls do. */
export const html =
  (title: string): Handler =>
  (_request, response) =>
    void response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      .end(`<!doctype html><html><head><title>${title}</title></head></html>`);

/** Chunked, so that nobody knows the length. */
export const withoutLength =
  (body: Uint8Array): Handler =>
  (_request, response) => {
    response.writeHead(200, { etag: '"chunked"' });
    for (let at = 0; at < body.byteLength; at += 1000) response.write(body.subarray(at, at + 1000));
    response.end();
  };

/** Says more than it gives, then hangs up. */
export const broken =
  (body: Uint8Array, announced: number): Handler =>
  (_request, response) => {
    response.writeHead(200, { 'content-length': announced });
    response.write(body, () => response.destroy());
  };

/** Gives the beginning and then nothing for ever. */
export const stalled =
  (body: Uint8Array, announced: number): Handler =>
  (_request, response) => {
    response.writeHead(200, { 'content-length': announced });
    response.write(body);
  };

export const status =
  (code: number): Handler =>
  (_request, response) =>
    void response.writeHead(code).end();

export const redirect =
  (to: string): Handler =>
  (_request, response) =>
    void response.writeHead(302, { location: to }).end();
