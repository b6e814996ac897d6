/** Loading tells how far it is, but not for each of the ten thousand chunks of a file. */

export interface WeightsProgress {
  /** `resolve`: the small files; `download`: weights; `verify`: parsing and hashing them. */
  phase: 'resolve' | 'download' | 'verify';
  file: string;
  /** Of the small file in `resolve`, of all weight files together in `download` and `verify`. */
  loadedBytes: number;
  totalBytes: number | null;
}

const INTERVAL_MS = 50;

/** Calls `onProgress` for each new phase or file, at its end, and at most every 50 ms in between. */
export function throttled(onProgress: ((progress: WeightsProgress) => void) | undefined): (progress: WeightsProgress) => void {
  if (!onProgress) return () => {};
  let last: WeightsProgress | null = null;
  let lastAt = 0;
  return (progress) => {
    const now = performance.now();
    const changed = last?.phase !== progress.phase || last.file !== progress.file;
    if (!changed && progress.loadedBytes !== progress.totalBytes && now - lastAt < INTERVAL_MS) return;
    last = progress;
    lastAt = now;
    onProgress(progress);
  };
}
