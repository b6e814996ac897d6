/** Memory as the operating system counts it: resident bytes of a browser with all its processes, sampled while something runs. */
import { execFileSync } from 'node:child_process';

const SAMPLE_MS = 250;
const MIB = 2 ** 20;

interface Process {
  pid: number;
  parent: number;
  bytes: number;
  command: string;
}

export interface PeakMemory {
  /** All processes of the browser; pages that they share are counted in each. */
  treeMib: number;
  /** The largest process: the page with its workers. */
  pageMib: number;
}

/** Runs `work` and gives its result with the peak meanwhile of the browsers that this process has started; `null` where there is no `ps`. */
export async function withPeakMemory<T>(work: () => Promise<T>): Promise<{ result: T; peak: PeakMemory | null }> {
  const others = new Set(browserProcesses()?.map(({ pid }) => pid));
  let peak: PeakMemory | null = null;
  const sample = () => {
    const mine = browserProcesses()?.filter(({ pid }) => !others.has(pid));
    if (!mine || mine.length === 0) return;
    const treeMib = mine.reduce((sum, { bytes }) => sum + bytes, 0) / MIB;
    const pageMib = Math.max(...mine.map(({ bytes }) => bytes)) / MIB;
    peak = { treeMib: Math.max(treeMib, peak?.treeMib ?? 0), pageMib: Math.max(pageMib, peak?.pageMib ?? 0) };
  };
  const timer = setInterval(sample, SAMPLE_MS);
  try {
    const result = await work();
    sample();
    return { result, peak };
  } finally {
    clearInterval(timer);
  }
}

/** Descendants of this process, `ps` itself left out. */
function browserProcesses(): Process[] | null {
  const all = listProcesses();
  if (!all) return null;
  const tree = new Set([process.pid]);
  for (let grown = true; grown;) {
    grown = false;
    for (const { pid, parent } of all) {
      if (tree.has(pid) || !tree.has(parent)) continue;
      tree.add(pid);
      grown = true;
    }
  }
  return all.filter(({ pid, command }) => tree.has(pid) && pid !== process.pid && !/(^|\/)ps$/.test(command));
}

function listProcesses(): Process[] | null {
  try {
    const text = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss=,comm='], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return text
      .trim()
      .split('\n')
      .map((line) => {
        const [pid, parent, kib, ...command] = line.trim().split(/\s+/);
        return { pid: Number(pid), parent: Number(parent), bytes: Number(kib) * 1024, command: command.join(' ') };
      });
  } catch {
    return null;
  }
}
