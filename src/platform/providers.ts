/** Which execution providers this browser has, and which one `auto` means. */
import { messageOf } from '../environment/thrown.ts';
import type { Provider, ProviderStatus } from '../ports/provider.ts';

interface WebGpuStatus extends ProviderStatus {
  /** Half precision in shaders. */
  hasF16: boolean;
  /** Rendered by the CPU: right, and slower than WASM. */
  isSoftware: boolean;
}

let webGpu: Promise<WebGpuStatus> | null = null;

/** Asked once: an adapter does not come or go. */
export function webGpuStatus(): Promise<WebGpuStatus> {
  return (webGpu ??= ask());
}

async function ask(): Promise<WebGpuStatus> {
  const missing = (detail: string): WebGpuStatus => ({ name: 'webgpu', available: false, detail, hasF16: false, isSoftware: false });
  if (typeof navigator === 'undefined' || !navigator.gpu)
    return missing(globalThis.isSecureContext === false ? 'WebGPU needs HTTPS or localhost.' : 'This browser has no WebGPU.');
  try {
    const adapter = await navigator.gpu.requestAdapter();
    if (!adapter) return missing('WebGPU is there, and no adapter is.');
    const { vendor, architecture, description } = adapter.info;
    const isSoftware = adapter.info.isFallbackAdapter || /swiftshader|llvmpipe|software/i.test(`${architecture} ${description}`);
    const hasF16 = adapter.features.has('shader-f16');
    const name = [vendor, architecture, description].filter(Boolean).join(' ') || 'unnamed adapter';
    return {
      name: 'webgpu',
      available: true,
      detail: `${name}${isSoftware ? ', a software adapter' : ''}${hasF16 ? ', shader-f16' : ', no shader-f16'}`,
      hasF16,
      isSoftware,
    };
  } catch (error) {
    return missing(`The adapter can't be had: ${messageOf(error)}`);
  }
}

/** WebGPU where a real adapter is; a software one is taken only when it is asked for by name. */
export async function chooseProvider(wanted: Provider | 'auto'): Promise<Provider> {
  if (wanted !== 'auto') return wanted;
  const { available, isSoftware } = await webGpuStatus();
  return available && !isSoftware ? 'webgpu' : 'wasm';
}
