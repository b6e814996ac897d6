/** A GPU device of the workbench's own for shaders, so that one that hangs or is lost does not take the model's with it. */

export interface GpuDevice {
  device: GPUDevice;
  adapter: string;
  isSoftware: boolean;
  hasF16: boolean;
  timestampQueries: boolean;
  maxBufferBytes: number;
}

let opened: Promise<GpuDevice | string> | null = null;

/** The device, or why there is none. A lost one is replaced at the next call. */
export function gpuDevice(): Promise<GpuDevice | string> {
  return (opened ??= open());
}

async function open(): Promise<GpuDevice | string> {
  if (typeof navigator === 'undefined' || !('gpu' in navigator) || !navigator.gpu) return 'There is no WebGPU here.';
  try {
    const adapter = await navigator.gpu.requestAdapter();
    if (!adapter) return 'WebGPU is there, and no adapter is.';
    const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits;
    const timestampQueries = adapter.features.has('timestamp-query');
    const device = await adapter.requestDevice({
      requiredFeatures: timestampQueries ? ['timestamp-query'] : [],
      requiredLimits: { maxStorageBufferBindingSize, maxBufferSize },
    });
    void device.lost.then(() => (opened = null));
    const { vendor, architecture, description } = adapter.info;
    return {
      device,
      adapter: [vendor, architecture, description].filter(Boolean).join(' ') || 'unnamed adapter',
      isSoftware: adapter.info.isFallbackAdapter || /swiftshader|llvmpipe|software/i.test(`${architecture} ${description}`),
      hasF16: adapter.features.has('shader-f16'),
      timestampQueries,
      maxBufferBytes: Math.min(maxStorageBufferBindingSize, maxBufferSize),
    };
  } catch (error) {
    opened = null;
    return `The GPU can't be had: ${error instanceof Error ? error.message : String(error)}`;
  }
}
