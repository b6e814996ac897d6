/** What computes a model, and in which numbers. */
export type Provider = 'webgpu' | 'wasm';
export type ComputeDtype = 'float32' | 'float16';

export interface ProviderStatus {
  name: Provider;
  available: boolean;
  detail: string;
}
