/** The KV pool on WebGPU: one buffer of ours on the runtime's device, which the graph gathers from; nothing is read back. */
import type { Tensor } from 'onnxruntime-web';
import type { KvForm } from '../../engine/graph/index.ts';
import type { BatchRow } from '../../engine/model-runner.ts';
import { ProviderError } from '../../ports/load-errors.ts';
import { type KvGeometry, type KvStore, newRuns, tokenWidth } from './kv-store.ts';
import type { OrtModule } from './ort.ts';
import type { ComputeDtype } from '../../ports/provider.ts';

export class GpuKvStore implements KvStore {
  readonly form: KvForm;
  readonly numBlocks: number;
  readonly blockSize: number;
  readonly blockBytes: number;
  readonly #tokenBytes: number;
  /** [(numBlocks + 1) * blockSize * L * 2, Hkv * D] */
  readonly #buffer: GPUBuffer;
  readonly #pool: Tensor;

  /** @throws ProviderError when the device cannot bind a pool of this size */
  constructor(
    private readonly ort: OrtModule,
    private readonly device: GPUDevice,
    geometry: KvGeometry,
    dtype: ComputeDtype,
  ) {
    this.numBlocks = geometry.numBlocks;
    this.blockSize = geometry.blockSize;
    this.form = { kind: 'paged', blockSize: geometry.blockSize };
    this.#tokenBytes = tokenWidth(geometry) * (dtype === 'float32' ? 4 : 2);
    this.blockBytes = this.blockSize * this.#tokenBytes;
    const size = (this.numBlocks + 1) * this.blockBytes; // one more, for ever empty, fills up tables of unequal length
    const limit = Math.min(device.limits.maxBufferSize, device.limits.maxStorageBufferBindingSize);
    if (size > limit) {
      throw new ProviderError(
        'webgpu',
        `A pool of ${this.numBlocks} blocks needs ${size} bytes in one buffer and this device binds ${limit}: at most ${Math.floor(limit / this.blockBytes) - 1} blocks.`,
      );
    }
    this.#buffer = device.createBuffer({
      label: 'kv pool',
      size,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    });
    const width = geometry.numKvHeads * geometry.headDim;
    this.#pool = ort.Tensor.fromGpuBuffer(this.#buffer, {
      dataType: dtype,
      dims: [(this.numBlocks + 1) * this.blockSize * geometry.numLayers * 2, width],
    });
  }

  feeds(rows: readonly BatchRow[]): Record<string, Tensor> {
    const width = rows.reduce((most, { past }) => Math.max(most, Math.ceil(past / this.blockSize)), 1); // an empty gather is none
    const tables = new Int32Array(rows.length * width).fill(this.numBlocks);
    rows.forEach(({ past, blockTable }, i) => {
      for (let b = 0; b * this.blockSize < past; b++) tables[i * width + b] = blockTable![b]!;
    });
    return { kv_pool: this.#pool, block_tables: new this.ort.Tensor('int32', tables, [rows.length, width]) };
  }

  store(rows: readonly BatchRow[], newKv: Tensor, numTokens: number): void {
    const encoder = this.device.createCommandEncoder({ label: 'append to kv pool' });
    const bytes = this.#tokenBytes;
    rows.forEach((row, i) => {
      for (const { token, slot, length } of newRuns(row, this.blockSize)) {
        // a reused block must not keep numbers of its last owner: a NaN would pass through masks
        if (slot % this.blockSize === 0) encoder.clearBuffer(this.#buffer, slot * bytes, this.blockBytes);
        encoder.copyBufferToBuffer(
          newKv.gpuBuffer as GPUBuffer,
          (i * numTokens + token) * bytes,
          this.#buffer,
          slot * bytes,
          length * bytes,
        );
      }
    });
    this.device.queue.submit([encoder.finish()]);
  }

  copyBlock(from: number, to: number): void {
    // a buffer cannot be copied onto itself within one command, so the block takes a detour
    const detour = this.device.createBuffer({ size: this.blockBytes, usage: GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST });
    const encoder = this.device.createCommandEncoder({ label: 'copy kv block' });
    encoder.copyBufferToBuffer(this.#buffer, from * this.blockBytes, detour, 0, this.blockBytes);
    encoder.copyBufferToBuffer(detour, 0, this.#buffer, to * this.blockBytes, this.blockBytes);
    this.device.queue.submit([encoder.finish()]);
    detour.destroy();
  }

  async readBlock(block: number): Promise<Uint8Array<ArrayBuffer>> {
    const staging = this.device.createBuffer({ size: this.blockBytes, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    try {
      const encoder = this.device.createCommandEncoder({ label: 'read kv block' });
      encoder.copyBufferToBuffer(this.#buffer, block * this.blockBytes, staging, 0, this.blockBytes);
      this.device.queue.submit([encoder.finish()]);
      await staging.mapAsync(GPUMapMode.READ);
      return new Uint8Array(staging.getMappedRange()).slice();
    } finally {
      staging.destroy();
    }
  }

  writeBlock(block: number, bytes: Uint8Array): void {
    this.device.queue.writeBuffer(this.#buffer, block * this.blockBytes, bytes as Uint8Array<ArrayBuffer>);
  }

  dispose(): void {
    this.#buffer.destroy();
  }
}
