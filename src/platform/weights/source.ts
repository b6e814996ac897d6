/** Where a model folder may lie, and the address of its files. */
import { FetchError } from '../../ports/load-errors.ts';
import type { WeightsSource } from '../../ports/model-platform.ts';

/** A folder that a server has. */
export interface FolderAddress {
  id: string;
  /** For people. */
  source: string;
  /** Ends with a slash; its query goes along with each file. */
  base: URL;
  revision: string | null;
  /** The address names a commit: what lies there never changes. */
  immutable: boolean;
  /** Nothing is asked for: what is not kept is not there. */
  keptOnly?: boolean;
}

const HUB_HOSTS = new Set(['huggingface.co', 'www.huggingface.co', 'hf.co']);
const COMMIT = /^[0-9a-f]{40}$/;
/** Files by which people point at a folder. */
const FOLDER_FILE = /[^/]+\.(?:json|safetensors)$/;

/**
 * @param baseUrl of the page, for bundled models and relative URLs
 * @throws FetchError when no address can be made of it
 */
export function addressOf(source: Exclude<WeightsSource, { kind: 'upload' }>, baseUrl: string | URL): FolderAddress {
  switch (source.kind) {
    case 'bundled': {
      const { id = 'default' } = source;
      if (!/^[\w-][\w.-]*$/.test(id)) throw new FetchError('config.json', id, null, 'address', `"${id}" is no id of a bundled model.`);
      return { id, source: `bundled:${id}`, base: new URL(`models/${id}/`, baseUrl), revision: null, immutable: false };
    }
    case 'hub':
      return hubAddress(source.repo, source.revision ?? 'main', parse(source.endpoint ?? 'https://huggingface.co', baseUrl));
    case 'url': {
      const url = parse(source.url, baseUrl);
      return hubPage(url) ?? plainAddress(url);
    }
  }
}

/** The URL of a file in the folder. */
export function fileUrl({ base }: FolderAddress, file: string): string {
  const url = new URL(file.split('/').map(encodeURIComponent).join('/'), base);
  url.search = base.search;
  return url.href;
}

function plainAddress(url: URL): FolderAddress {
  const base = new URL(url);
  base.hash = '';
  base.pathname = base.pathname.replace(FOLDER_FILE, '');
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  return { id: base.pathname.split('/').at(-2) || base.host, source: base.href, base, revision: null, immutable: false };
}

function hubAddress(repo: string, revision: string, endpoint: URL, folder = ''): FolderAddress {
  const root = endpoint.href.replace(/\/*$/, '/');
  const path = repo.split('/').map(encodeURIComponent).join('/');
  return {
    id: repo,
    source: `hub:${repo}@${revision}`,
    base: new URL(`${root}${path}/resolve/${encodeURIComponent(revision)}/${folder}`),
    revision,
    immutable: COMMIT.test(revision),
  };
}

/** People paste the address of the hub's page: `huggingface.co/owner/name`, `…/tree/main`, `…/blob/main/config.json`. */
function hubPage(url: URL): FolderAddress | null {
  if (!HUB_HOSTS.has(url.host)) return null;
  const [owner, name, view, revision, ...rest] = url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
  if (!owner || !name || ['datasets', 'spaces', 'api'].includes(owner)) return null;
  if (view !== undefined && !['tree', 'blob', 'resolve'].includes(view)) return null;
  if (rest.length > 0 && FOLDER_FILE.test(rest.at(-1)!)) rest.pop();
  return hubAddress(
    `${owner}/${name}`,
    revision ?? 'main',
    new URL(url.origin),
    rest.map((part) => `${encodeURIComponent(part)}/`).join(''),
  );
}

function parse(text: string, baseUrl: string | URL): URL {
  let url: URL;
  try {
    url = new URL(text, baseUrl);
  } catch (cause) {
    throw new FetchError('config.json', text, null, 'address', `"${text}" is no URL.`, { cause });
  }
  if (!/^https?:$/.test(url.protocol))
    throw new FetchError('config.json', text, null, 'address', `"${url.protocol}" cannot be fetched; http and https can.`);
  return url;
}
