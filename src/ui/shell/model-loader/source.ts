/** What a person says of the model to load, and the request that it becomes. */
import { faultOf, type Input } from '../../../contract/index.ts';
import { bundledId, folderUrl, hubRepo } from '../../../contract/weights.ts';

type SwapInput = Input<'model', 'swapWeights'>;

export interface Choice {
  kind: SwapInput['source']['kind'];
  bundledId: string;
  repo: string;
  revision: string;
  endpoint: string;
  url: string;
  files: readonly UploadFile[];
  provider: NonNullable<SwapInput['execution_provider']>;
  dtype: NonNullable<SwapInput['compute_dtype']>;
  cache: boolean;
}

export interface UploadFile {
  path: string;
  data: File;
}

export const initialChoice: Choice = {
  kind: 'bundled',
  bundledId: 'default',
  repo: '',
  revision: 'main',
  endpoint: 'https://huggingface.co',
  url: '',
  files: [],
  provider: 'auto',
  dtype: 'auto',
  cache: true,
};

/** Files of a chosen folder by their path, the folder's own name first: it is what the model is called. */
export function folderFiles(files: Iterable<File>): UploadFile[] {
  return Array.from(files, (file) => ({ path: file.webkitRelativePath || file.name, data: file })).filter(
    ({ path }) => !path.split('/').some((part) => part.startsWith('.')),
  );
}

/** The name of the folder that was chosen. */
export const folderName = ([first]: readonly UploadFile[]): string => first?.path.split('/').slice(0, -1)[0] ?? 'The folder';

/** What is wrong with each field before anything is asked. */
export const FAULTS = {
  bundledId: ({ bundledId: id }: Choice) => needed(bundledId, id),
  repo: ({ repo }: Choice) => needed(hubRepo, repo),
  endpoint: ({ endpoint }: Choice) => (endpoint.trim() === '' ? null : faultOf(folderUrl, endpoint.trim())),
  url: ({ url }: Choice) => needed(folderUrl, url),
  files: ({ files }: Choice) => {
    if (files.length === 0) return 'is required: choose one.';
    if (files.some(({ path }) => /(?:^|\/)config\.json$/.test(path))) return null;
    const names = files.slice(0, 4).map(({ path }) => path.split('/').slice(1).join('/') || path);
    return `must have a config.json; ${folderName(files)} has ${names.join(', ')}${files.length > names.length ? ', …' : ''}.`;
  },
} as const;

const needed = (type: typeof bundledId | typeof folderUrl, text: string): string | null =>
  text.trim() === '' ? 'is required.' : faultOf(type, text.trim());

export function requestOf(choice: Choice): SwapInput {
  return { source: sourceOf(choice), execution_provider: choice.provider, compute_dtype: choice.dtype, cache: choice.cache, stream: true };
}

function sourceOf({ kind, bundledId: id, repo, revision, endpoint, url, files }: Choice): SwapInput['source'] {
  switch (kind) {
    case 'bundled':
      return { kind, id: id.trim() };
    case 'hub':
      return { kind, repo: repo.trim(), revision: revision.trim() || 'main', endpoint: endpoint.trim() || initialChoice.endpoint };
    case 'url':
      return { kind, url: new URL(url.trim(), document.baseURI).href };
    case 'upload':
      return { kind, files: [...files] };
  }
}
