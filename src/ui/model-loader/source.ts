/** What a person says of the model to load, and the request that it becomes. */
import type { Input } from '../../contract/index.ts';

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

/** Files of a chosen folder by their path inside it. */
export function folderFiles(files: Iterable<File>): UploadFile[] {
  return Array.from(files, (file) => ({ path: file.webkitRelativePath.split('/').slice(1).join('/') || file.name, data: file })).filter(
    ({ path }) => !path.split('/').some((part) => part.startsWith('.')),
  );
}

/** Why the choice cannot be sent yet, or nothing. */
export function missing({ kind, repo, url, files, bundledId }: Choice): string | undefined {
  switch (kind) {
    case 'bundled':
      return bundledId.trim() ? undefined : 'Name the bundled model.';
    case 'hub':
      return /^[\w.-]+\/[\w.-]+$/.test(repo.trim()) ? undefined : 'A repository is named owner/name.';
    case 'url':
      return URL.canParse(url.trim(), document.baseURI) && url.trim() ? undefined : 'Give the address of a folder.';
    case 'upload':
      return files.length === 0
        ? 'Choose a folder.'
        : files.some(({ path }) => path === 'config.json')
          ? undefined
          : 'There is no config.json in this folder.';
  }
}

export function requestOf(choice: Choice): SwapInput {
  return { source: sourceOf(choice), execution_provider: choice.provider, compute_dtype: choice.dtype, cache: choice.cache, stream: true };
}

function sourceOf({ kind, bundledId, repo, revision, endpoint, url, files }: Choice): SwapInput['source'] {
  switch (kind) {
    case 'bundled':
      return { kind, id: bundledId.trim() };
    case 'hub':
      return { kind, repo: repo.trim(), revision: revision.trim() || 'main', endpoint: endpoint.trim() || initialChoice.endpoint };
    case 'url':
      return { kind, url: new URL(url.trim(), document.baseURI).href };
    case 'upload':
      return { kind, files: [...files] };
  }
}
