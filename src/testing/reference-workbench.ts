/** The whole workbench over the slow reference runtime, which a test file shares: what most tests of services and transports in Node run against. */
import { referencePlatform } from './model-platforms.ts';
import { openWorkbench } from './workbench.ts';

const workbench = openWorkbench({ models: referencePlatform() });

export const { active, operations, scripts, load: loadTinyModel } = workbench;
export const { model, tokenizer } = workbench.services;
