/** A Llama-like decoder in plain loops: slow, obvious, and the same to the bit however a prompt is cut into chunks. */

export interface ReferenceConfig {
  vocabSize: number;
  hiddenSize: number;
  intermediateSize: number;
  numLayers: number;
  numHeads: number;
  numKvHeads: number;
  headDim: number;
  maxPositionEmbeddings: number;
  ropeTheta: number;
  rmsNormEps: number;
}

/** Matrices are row-major [out, in]. */
export interface ReferenceLayer {
  inputNorm: Float32Array; // [H]
  qProj: Float32Array; // [heads·D, H]
  kProj: Float32Array; // [kvHeads·D, H]
  vProj: Float32Array; // [kvHeads·D, H]
  oProj: Float32Array; // [H, heads·D]
  postNorm: Float32Array; // [H]
  gateProj: Float32Array; // [I, H]
  upProj: Float32Array; // [I, H]
  downProj: Float32Array; // [H, I]
}

export interface ReferenceWeights {
  embedding: Float32Array; // [V, H]
  layers: ReferenceLayer[];
  finalNorm: Float32Array; // [H]
  lmHead: Float32Array; // [V, H]
}

/** Where one layer finds keys and values of one sequence: views of [kvHeads, D], written before they are read. */
export interface KvAccess {
  key(layer: number, position: number): Float32Array;
  value(layer: number, position: number): Float32Array;
}

/** What a forward pass may be asked to show. */
export interface Observer {
  /** The residual stream: 0 is the embedding, i the output of layer i − 1; the last one is normalised. What is written into `values` goes on. */
  hiddenState(index: number, position: number, values: Float32Array): void;
  /** One row of an attention map, over positions 0 … `position`. */
  attention(layer: number, head: number, position: number, probabilities: Float32Array): void;
}

/** Computes one token on top of those already in `kv`, writes its keys and values, and gives the normalised last hidden state. [H] */
export function forwardToken(
  config: ReferenceConfig,
  weights: ReferenceWeights,
  tokenId: number,
  position: number,
  kv: KvAccess,
  observer?: Observer,
): Float32Array {
  const { hiddenSize, rmsNormEps } = config;
  const hidden = weights.embedding.slice(tokenId * hiddenSize, (tokenId + 1) * hiddenSize);
  observer?.hiddenState(0, position, hidden);
  weights.layers.forEach((layer, index) => {
    const attended = attend(config, layer, index, rmsNorm(hidden, layer.inputNorm, rmsNormEps), position, kv, observer);
    addTo(hidden, matVec(layer.oProj, attended, hiddenSize));
    addTo(hidden, swiGlu(config, layer, rmsNorm(hidden, layer.postNorm, rmsNormEps)));
    if (index + 1 < config.numLayers) observer?.hiddenState(index + 1, position, hidden);
  });
  const last = rmsNorm(hidden, weights.finalNorm, rmsNormEps);
  observer?.hiddenState(config.numLayers, position, last);
  return last;
}

/** Logits of a normalised hidden state. [V] */
export function logitsOf(config: ReferenceConfig, weights: ReferenceWeights, hidden: Float32Array): Float32Array {
  return matVec(weights.lmHead, hidden, config.vocabSize);
}

/** Grouped-query attention of one token over all positions up to its own. [heads·D] */
function attend(
  config: ReferenceConfig,
  layer: ReferenceLayer,
  index: number,
  input: Float32Array,
  position: number,
  kv: KvAccess,
  observer?: Observer,
): Float32Array {
  const { numHeads, numKvHeads, headDim, ropeTheta } = config;
  const query = matVec(layer.qProj, input, numHeads * headDim);
  const key = matVec(layer.kProj, input, numKvHeads * headDim);
  rotate(query, headDim, position, ropeTheta);
  rotate(key, headDim, position, ropeTheta);
  kv.key(index, position).set(key);
  kv.value(index, position).set(matVec(layer.vProj, input, numKvHeads * headDim));

  const keys = Array.from({ length: position + 1 }, (_, past) => kv.key(index, past));
  const values = Array.from({ length: position + 1 }, (_, past) => kv.value(index, past));
  const output = new Float32Array(numHeads * headDim);
  for (let head = 0; head < numHeads; head++) {
    const group = Math.floor((head * numKvHeads) / numHeads) * headDim;
    const scores = new Float32Array(position + 1);
    for (let past = 0; past <= position; past++) {
      let dot = 0;
      for (let d = 0; d < headDim; d++) dot += query[head * headDim + d]! * keys[past]![group + d]!;
      scores[past] = dot / Math.sqrt(headDim);
    }
    softmax(scores);
    observer?.attention(index, head, position, scores);
    for (let past = 0; past <= position; past++) {
      for (let d = 0; d < headDim; d++) output[head * headDim + d]! += scores[past]! * values[past]![group + d]!;
    }
  }
  return output;
}

function swiGlu(config: ReferenceConfig, layer: ReferenceLayer, input: Float32Array): Float32Array {
  const gate = matVec(layer.gateProj, input, config.intermediateSize);
  const up = matVec(layer.upProj, input, config.intermediateSize);
  for (let i = 0; i < gate.length; i++) gate[i] = (gate[i]! / (1 + Math.exp(-gate[i]!))) * up[i]!;
  return matVec(layer.downProj, gate, config.hiddenSize);
}

function rmsNorm(values: Float32Array, weight: Float32Array, eps: number): Float32Array {
  let squares = 0;
  for (const value of values) squares += value * value;
  const scale = 1 / Math.sqrt(squares / values.length + eps);
  return values.map((value, i) => value * scale * weight[i]!);
}

/** Rotary position embedding, halves apart as in Hugging Face's Llama. In place. */
function rotate(values: Float32Array, headDim: number, position: number, theta: number): void {
  const half = headDim / 2;
  for (let head = 0; head < values.length; head += headDim) {
    for (let i = 0; i < half; i++) {
      const angle = position / theta ** ((2 * i) / headDim);
      const [a, b] = [values[head + i]!, values[head + i + half]!];
      values[head + i] = a * Math.cos(angle) - b * Math.sin(angle);
      values[head + i + half] = b * Math.cos(angle) + a * Math.sin(angle);
    }
  }
}

function matVec(matrix: Float32Array, vector: Float32Array, rows: number): Float32Array {
  const output = new Float32Array(rows);
  const columns = vector.length;
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let column = 0; column < columns; column++) sum += matrix[row * columns + column]! * vector[column]!;
    output[row] = sum;
  }
  return output;
}

function softmax(values: Float32Array): void {
  const max = values.reduce((best, value) => Math.max(best, value), -Infinity);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] = Math.exp(values[i]! - max);
  for (let i = 0; i < values.length; i++) values[i]! /= sum;
}

function addTo(target: Float32Array, values: Float32Array): void {
  for (let i = 0; i < target.length; i++) target[i]! += values[i]!;
}
