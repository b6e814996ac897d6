/** Everything that came with the workbench: it is called what its file says, compiles as a patch does, and passes what a candidate must pass. */
import { describe, expect, test } from 'vitest';
import * as modules from '../../../patchable/generated/modules.ts';
import * as rules from '../../../patchable/generated/rules.ts';
import { TEXTS } from '../../../patchable/generated/texts.ts';
import { SHADER_KERNELS } from '../../../patchable/kernels/index.ts';
import { compileModule, instantiate } from '../compile-module.ts';
import { KNOWN_MODULES } from '../known-modules.ts';
import { KINDS } from './index.ts';

type Said = { name?: string; rule?: string };
type Module = { default: Said; about?: Said };

test.each(Object.entries(modules))('%s: what the index reads off a file is what its module says', (kind, all) => {
  const said = new Map<string, Readonly<Record<string, string>>>(Object.entries(rules)).get(kind)!;
  expect(Object.keys(said)).toEqual(all.map(({ name }) => name));
  for (const { name, path, module } of all) {
    const { about, default: own } = module as unknown as Module;
    expect(about ?? own, path).toMatchObject({ name, rule: said[name] });
  }
});

describe.each(KINDS.map((kind) => [kind.id, kind] as const))('%s', (_, { id, builtIns, cases, active }) => {
  test('has the version that is active unless someone chooses', () => {
    const names = builtIns.map(({ name }) => name);
    expect(names).toContain(active('wasm'));
    expect(names).toContain(active('webgpu'));
  });

  test.each(builtIns.map(({ name, path }) => [name, path] as const))('%s', async (_, path) => {
    const module = KNOWN_MODULES[path.replace(/\.ts$/, '')] as { default: unknown };
    const compiled = await instantiate(await compileModule(TEXTS[path], id));
    expect(typeof compiled.default).toBe(typeof module.default);
    expect(cases.length).toBeGreaterThan(1);
    for (const each of cases) await each.run(compiled.default, null, (message) => expect.unreachable(message));
  });
});

test('a shader has cases and a reference that is shown', () => {
  for (const { name, cases, referenceSource } of SHADER_KERNELS) {
    expect(cases.length, name).toBeGreaterThan(1);
    expect(referenceSource, name).toMatch(/^\/\*\*.*\*\/\nconst reference: KernelReference = [^]*\n};\n$/);
  }
});
