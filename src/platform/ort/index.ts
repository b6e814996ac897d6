/** Models on onnxruntime-web: the one import for whoever puts the engine together. */
export { BatchError, DeviceLostError, RuntimeError } from './errors.ts';
export { standInFor } from './fused-attention.ts';
export { createSession, loadOrt, type OrtModule, wasmThreads } from './ort.ts';
export { createOrtRunner, type OrtRunner, type OrtRunnerOptions } from './ort-runner.ts';
