/** A browser or driver as a child process: started, heard of, ended. */
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';

const START_MS = 60_000;
const END_MS = 5_000;

/** Waits for a line of its output; what it said instead is in the error. */
export function lineOf(child: ChildProcess, output: Readable, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (why: string) => reject(new Error(`${child.spawnfile} ${why}: ${said.slice(-2000)}`));
    const timer = setTimeout(fail, START_MS, `did not say ${pattern} within ${START_MS / 1000} s`);
    child.once('error', reject);
    child.once('exit', (code) => fail(`ended with ${code}`));
    output.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      const match = pattern.exec(said);
      if (!match) return;
      clearTimeout(timer);
      resolve(match);
    });
  });
}

/** Waits until it ended; kills it when it takes too long. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
  await exit;
  clearTimeout(timer);
}
