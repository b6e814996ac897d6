/** The models that are measured: the default one of this repository, and what environment variables name outside of it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const DEFAULT_MODEL = 'public/models/default';

/** The default model as ONNX in the layout of transformers.js. */
export const onnxFolder = (): string | undefined => existing('GLASSBOX_ONNX_DIR', 'onnx/model.onnx');
export const NO_ONNX =
  'GLASSBOX_ONNX_DIR names no folder with onnx/model.onnx: `python fixtures/export_onnx.py public/models/default FOLDER` makes one (fixtures/README.md).';

/** SmolLM2-135M-Instruct in Hugging Face layout. */
export const smollm2Folder = (): string | undefined => existing('GLASSBOX_SMOLLM2_DIR', 'model.safetensors');
export const NO_SMOLLM2 =
  'GLASSBOX_SMOLLM2_DIR names no folder with model.safetensors: `python fixtures/smollm2/dequantise.py MODEL.gguf FOLDER` makes one (fixtures/README.md).';

/** A folder of recorded workloads. */
export const azureTrace = (): string | undefined => {
  const folder = existing('GLASSBOX_TRACES', 'AzureLLMInferenceTrace_conv.csv');
  return folder && readFileSync(join(folder, 'AzureLLMInferenceTrace_conv.csv'), 'utf8');
};
export const NO_TRACES = 'GLASSBOX_TRACES names no folder with AzureLLMInferenceTrace_conv.csv (from github.com/Azure/AzurePublicDataset).';

/** What the bench serves, by name. */
export function modelFolders(): Record<string, string> {
  const folders = { default: DEFAULT_MODEL, onnx: onnxFolder(), smollm2: smollm2Folder() };
  return Object.fromEntries(Object.entries(folders).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function existing(variable: string, file: string): string | undefined {
  const folder = process.env[variable];
  return folder && existsSync(join(folder, file)) ? folder : undefined;
}
