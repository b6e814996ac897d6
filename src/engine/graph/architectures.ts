/** All architectures that can be built. */
import type { Architecture } from './architecture.ts';
import type { ModelConfig } from './config.ts';
import { gemma } from './gemma.ts';
import { gemma2 } from './gemma2.ts';
import { gemma3 } from './gemma3.ts';
import { gpt2 } from './gpt2.ts';
import { gptNeox } from './gpt-neox.ts';
import { granite } from './granite.ts';
import { llama } from './llama.ts';
import { qwen2 } from './qwen2.ts';
import { qwen3 } from './qwen3.ts';

export const ARCHITECTURES: readonly Architecture[] = [llama, qwen2, qwen3, gemma, gemma2, gemma3, granite, gpt2, gptNeox];

export function architectureOf({ architecture }: Pick<ModelConfig, 'architecture'>): Architecture {
  return ARCHITECTURES.find(({ name }) => name === architecture)!;
}
