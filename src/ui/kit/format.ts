/** Figures as people read them: durations, bytes, counts; three significant digits, units always said. */

/** `0.083` → "83 µs", `4.21` → "4.21 ms", `12345` → "12.3 s". */
export function formatMs(ms: number): string {
  if (!Number.isFinite(ms)) return '—';
  // The clock of a page that is not isolated ticks every 0.1 ms.
  if (ms === 0) return '< 0.1 ms';
  if (ms < 0.0995) return `${Math.max(1, Math.round(ms * 1000))} µs`;
  if (ms < 1000) return `${significant(ms)} ms`;
  if (ms < 120_000) return `${significant(ms / 1000)} s`;
  return `${Math.round(ms / 60_000)} min`;
}

/** A number written for people: its sign is a minus, and no hyphen. */
export const withMinus = (text: string): string => text.replace(/^-/, '−');

/** Powers of 1000, as the units say: "1.23 kB", "538 MB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  // What would be rounded to 1000 is 1 of the next.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${significant(value)} ${units[unit]}`;
}

/** "6.5 M", "135 M", "260 k". */
export function formatCount(count: number): string {
  if (count < 1000) return String(count);
  if (count < 1e6) return `${significant(count / 1e3)} k`;
  if (count < 1e9) return `${significant(count / 1e6)} M`;
  return `${significant(count / 1e9)} B`;
}

function significant(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

const UNITS: readonly [RegExp, string][] = [
  [/(^|_)ms$/, 'ms'],
  [/(^|_)bytes$/, 'bytes'],
  [/(^|_)(tokens|max_length|seq_len)$/, 'tokens'],
  [/(^|_)seconds$/, 's'],
  [/(^|_)blocks?$/, 'blocks'],
];

/** The unit that a field's name says it has. */
export function unitOf(name: string): string | undefined {
  return UNITS.find(([pattern]) => pattern.test(name))?.[1];
}

export function formatRate(rate: number | null): string {
  if (rate === null) return '–';
  return rate >= 100 ? String(Math.round(rate)) : rate.toPrecision(3);
}

/** A probability as a reader wants it: `42 %`, `3.1 %`, `0.004 %`, `< 0.001 %`. */
export function formatProbability(logprob: number | null): string {
  if (logprob === null) return '–';
  const percent = 100 * Math.exp(logprob);
  if (percent >= 99.95) return '100 %';
  if (percent >= 10) return `${percent.toFixed(0)} %`;
  if (percent >= 0.1) return `${percent.toFixed(1)} %`;
  return percent >= 0.001 ? `${percent.toFixed(3)} %` : '< 0.001 %';
}
