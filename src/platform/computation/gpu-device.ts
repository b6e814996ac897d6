/** GPU devices of the workbench's own for shaders, so that one that hangs or is lost does not take the model's with it. */
import { messageOf } from '../../environment/thrown.ts';
import type { GpuInfo } from '../../ports/shaders.ts';
import { standInFor } from '../ort/index.ts';

export interface GpuDevice extends GpuInfo {
  device: GPUDevice;
}

/** Shaders active run on one device, candidates on another, which is given up with the first that does not end. */
export type Purpose = 'kernels' | 'candidates';

const opened = new Map<Purpose, Promise<GpuDevice | string>>();

/** The device, or why there is none. A lost one is replaced at the next call. */
export function gpuDevice(purpose: Purpose = 'kernels'): Promise<GpuDevice | string> {
  const known = opened.get(purpose);
  if (known) return known;
  const forget = () => {
    if (opened.get(purpose) === device) opened.delete(purpose);
  };
  const device = open(forget);
  opened.set(purpose, device);
  return device;
}

/**
 * The next call gets another device. This one is destroyed when its work has ended and not before: Chromium's GPU process waits for the
 * work of a device that is destroyed, and with a shader that never ends it would serve nobody any more, while other devices go on
 * beside one that computes.
 */
export function setAside(purpose: Purpose, { device }: GpuDevice): void {
  opened.delete(purpose);
  device.queue.onSubmittedWorkDone().then(
    () => device.destroy(),
    () => {},
  );
}

/** @param forget called when the device is lost, or can't be had now */
async function open(forget: () => void): Promise<GpuDevice | string> {
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
    void device.lost.then(forget);
    const { vendor, architecture, description } = adapter.info;
    return {
      device,
      adapter: [vendor, architecture, description].filter(Boolean).join(' ') || 'unnamed adapter',
      isSoftware: adapter.info.isFallbackAdapter || /swiftshader|llvmpipe|software/i.test(`${architecture} ${description}`),
      hasF16: adapter.features.has('shader-f16'),
      timestampQueries,
      maxBufferBytes: Math.min(maxStorageBufferBindingSize, maxBufferSize),
      attentionStandIn: standInFor(adapter.info),
    };
  } catch (error) {
    forget();
    return `The GPU can't be had: ${messageOf(error)}`;
  }
}
