/** Shaders made to watch themselves: which loops and accesses are found, that lines stay, and that nothing of the source is lost. */
import { expect, test } from 'vitest';
import { SHADER_KERNELS } from '../../../patchable/kernels/index.ts';
import { kernelSignature } from './kernel-signature.ts';
import { watchedShader } from './watched-shader.ts';

const SOURCE = `@group(0) @binding(0) var<storage, read> x: array<f32>;
@binding(1) @group(0) var<storage, read_write> y: array<vec4<f32>>;
/* for (;;) { /* loops in comments */ x[0] } */
fn helper(n: u32) -> f32 { var s = 0.0; while s < 3.0 { s += x[n]; } return s; } // while
@compute @workgroup_size(1)
fn main() {
  for (var i = 0u; i < arrayLength(&y); i++) { y[u32(x[i])].x = helper(i); loop { if (i > 2u) { break; } continuing { y[i]++; } } }
}`;

test('loops and accesses are found where they stand, not in comments', () => {
  const { loops, accesses } = watchedShader(SOURCE);
  expect(loops.map(({ keyword, line, column }) => [keyword, line, column])).toEqual([
    ['while', 4, 41],
    ['for', 7, 3],
    ['loop', 7, 76],
  ]);
  expect(accesses.map(({ binding, writes, line }) => [binding, writes, line])).toEqual([
    [0, false, 4],
    [1, true, 7],
    [0, false, 7],
    [1, true, 7],
  ]);
});

test('what it adds stands on the lines that are there, and nothing is taken away', () => {
  const { source } = watchedShader(SOURCE);
  const lines = source.split('\n');
  SOURCE.split('\n').forEach((line, i) => {
    let at = 0;
    for (const character of line) at = lines[i]!.indexOf(character, at) + 1 || Number.NaN;
    expect(at, `line ${i + 1}`).toBeLessThanOrEqual(lines[i]!.length);
  });
  expect(source).toContain('y[watched_within_1(4u, u32(u32(x[watched_within_0(5u, u32(i))])))].x = helper(i)');
});

test('lengths are told without the padding, in elements', () => {
  expect(watchedShader(SOURCE).source).toContain('(arrayLength(&y) - watched_told.x / 16u)');
  expect(watchedShader(SOURCE.replace('vec4<f32>', 'f32'), false).source).toContain('(arrayLength(&y) - watched_told.x / 4u)');
});

test('a loop that holds a barrier, itself or in what it calls, counts for itself; the others share a number', () => {
  const { source } = watchedShader(`fn wait() { storageBarrier(); }
fn main() { for (;;) { wait(); while true { } } loop { workgroupBarrier(); } }`);
  expect(source).toContain('watched_turns_0++; if (watched_turns_0 > 2048u)');
  expect(source).toContain('watched_turns_1 = 0u; while true { watched_turns_1++; watched_turns++; if (watched_turns > 65536u)');
  expect(source).toContain('watched_turns_2++; if (watched_turns_2 > 2048u)');
});

test('its names are not those of the source', () => {
  expect(watchedShader('fn main() { var watched = 1; loop { break; } }').source).toContain('var watched__turns_0');
});

test.each(SHADER_KERNELS.map((kernel) => [kernel.name, kernel] as const))(
  '%s: the built-in source binds what its signature says',
  (_, kernel) => {
    const signature = kernelSignature(kernel);
    const bindings = (text: string) => [...text.matchAll(/@group\(0\) @binding\(\d\) var<[^>]+>\s*\w+: [\w<>]+;/g)].map(([match]) => match);
    const own = bindings(kernel.source);
    expect(own).toHaveLength(kernel.inputs.length + kernel.outputs.length + 1);
    expect(bindings(signature)).toEqual(own);
    expect(signature).toContain(/struct Params \{[^}]*\}/.exec(kernel.source)![0]);
    const { accesses } = watchedShader(kernel.source);
    expect(new Set(accesses.map(({ binding }) => binding)).size).toBe(kernel.inputs.length + kernel.outputs.length);
    expect(accesses.some(({ writes }) => writes)).toBe(true);
  },
);
