/** The weight files of a folder: one safetensors file, or the shards that an index names. */
import { counted } from '../../environment/counted.ts';
import type { WeightTensor } from '../../engine/weights.ts';
import { WeightsError, type WeightsErrorItem } from '../../ports/load-errors.ts';
import { parseJson } from './file-content.ts';
import type { Folder, FolderFile, OnBytes } from './folder.ts';
import type { WeightsProgress } from './progress.ts';
import { readChecked } from './read-checked.ts';
import { isMaskBuffer, parseSafetensors } from './safetensors.ts';
import { combineHashes, sha256 } from '../../environment/sha256.ts';

export const SINGLE = 'model.safetensors';
export const INDEX = 'model.safetensors.index.json';

export interface WeightFiles {
  tensors: ReadonlyMap<string, WeightTensor>;
  /** SHA-256 of the file; of shards, SHA-256 of their digests one after the other, by file name. */
  hash: string;
  bytes: number;
  fromCache: boolean;
}

export interface WeightFilesOptions {
  signal?: AbortSignal | undefined;
  report: (progress: WeightsProgress) => void;
}

/** The weights, or `null` where there are neither a single file nor an index. */
export async function readWeightFiles(folder: Folder, options: WeightFilesOptions): Promise<WeightFiles | null> {
  const { report } = options;
  const onBytes: OnBytes = (loadedBytes, totalBytes) => report({ phase: 'download', file: SINGLE, loadedBytes, totalBytes });
  const single = await readChecked(folder, SINGLE, 'weights', 'optional', (bytes) => parseSafetensors(bytes, SINGLE), onBytes);
  if (single) {
    const { value: tensors, found } = single;
    const { byteLength } = found.bytes;
    report({ phase: 'verify', file: SINGLE, loadedBytes: 0, totalBytes: byteLength });
    const hash = await settle(found, options);
    report({ phase: 'verify', file: SINGLE, loadedBytes: byteLength, totalBytes: byteLength });
    return { tensors, hash, bytes: byteLength, fromCache: found.fromCache };
  }
  const index = await readChecked(folder, INDEX, 'json', 'optional', (bytes) => shardsOf(parseJson(bytes, INDEX)));
  if (!index) return null;
  await index.found.keep(null);
  return readShards(folder, index.value, options);
}

/** Hash of a file whose content is good, which is then kept. */
async function settle(found: FolderFile, { signal }: WeightFilesOptions): Promise<string> {
  const hash = found.sha256 ?? (await sha256(found.bytes, signal));
  await found.keep(hash);
  return hash;
}

/** One shard after the other: two at once would need no less time of the network, and more memory at the peak. */
async function readShards(
  folder: Folder,
  shards: ReadonlyMap<string, ReadonlySet<string>>,
  options: WeightFilesOptions,
): Promise<WeightFiles> {
  const { report } = options;
  const sizes = await Promise.all([...shards.keys()].map((file) => folder.size(file)));
  const total = sizes.every((size) => size !== null) ? sizes.reduce((sum, size) => sum + size, 0) : null;
  const tensors = new Map<string, WeightTensor>();
  const hashes: string[] = [];
  let bytes = 0;
  let fromCache = true;
  for (const [file, names] of shards) {
    const onBytes: OnBytes = (loaded) => report({ phase: 'download', file, loadedBytes: bytes + loaded, totalBytes: total });
    const { value, found } = await readChecked(
      folder,
      file,
      'weights',
      'required',
      (data) => checkShard(parseSafetensors(data, file), names, file),
      onBytes,
    );
    bytes += found.bytes.byteLength;
    report({ phase: 'verify', file, loadedBytes: bytes, totalBytes: total });
    hashes.push(await settle(found, options));
    fromCache &&= found.fromCache;
    for (const [name, tensor] of value) {
      if (tensors.has(name))
        throw new WeightsError(file, `tensor "${name}" was in an earlier shard already.`, [{ path: name, message: 'in two shards' }]);
      tensors.set(name, tensor);
    }
  }
  return { tensors, hash: combineHashes(hashes), bytes, fromCache };
}

/** Names of the tensors of each shard, by file name in order. */
function shardsOf(index: Record<string, unknown>): Map<string, Set<string>> {
  const map = index.weight_map;
  if (typeof map !== 'object' || map === null || Array.isArray(map))
    throw new WeightsError(INDEX, 'weight_map is missing: it must map each tensor to its file.');
  const shards = new Map<string, Set<string>>();
  const items: WeightsErrorItem[] = [];
  for (const [name, file] of Object.entries(map)) {
    if (typeof file !== 'string' || !/^[\w.-]+\.safetensors$/.test(file)) {
      items.push({ path: name, message: `${JSON.stringify(file)} is no name of a safetensors file in this folder` });
      continue;
    }
    shards.set(file, (shards.get(file) ?? new Set()).add(name));
  }
  if (items.length > 0)
    throw new WeightsError(
      INDEX,
      `weight_map names ${counted(items.length, 'file')} that cannot be read; the first: ${items[0]!.path}: ${items[0]!.message}.`,
      items.slice(0, 20),
    );
  if (shards.size === 0) throw new WeightsError(INDEX, 'weight_map names no tensors.');
  return new Map([...shards].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** A shard must hold what the index says, no less and no more. */
function checkShard(tensors: Map<string, WeightTensor>, names: ReadonlySet<string>, file: string): Map<string, WeightTensor> {
  const missing = [...names].filter((name) => !tensors.has(name) && !isMaskBuffer(name));
  const strange = [...tensors.keys()].filter((name) => !names.has(name));
  const items = [
    ...missing.map((name) => ({ path: name, message: `is in ${file} by the index, and is not there` })),
    ...strange.map((name) => ({ path: name, message: `is in ${file}, and not by the index` })),
  ];
  if (items.length > 0)
    throw new WeightsError(
      file,
      `does not fit the index: ${missing.length} tensors are missing, ${strange.length} are not in the index.`,
      items.slice(0, 20),
    );
  return tensors;
}
