/** The ONNX file format: a plain description of a model becomes the bytes of a ModelProto (onnx.proto3, IR version 10). */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Dtype, Shape, Value } from './value.ts';

export type Attribute = number | string | readonly number[] | { float: number } | { floats: readonly number[] };

export interface OnnxNode {
  opType: string;
  /** Empty for the ONNX operators, `com.microsoft` for the runtime's own. */
  domain: string;
  name: string;
  /** Names of values; an empty name leaves an optional input out. */
  inputs: readonly string[];
  outputs: readonly string[];
  /** A plain number is an int attribute; floats are written `{ float: 1e-5 }`. */
  attributes: Readonly<Record<string, Attribute>>;
}

/** Where the bytes of a tensor lie: in the file itself, or in a buffer given to the runtime beside it. */
export type TensorData = { bytes: Uint8Array } | { path: string; offset: number; length: number };

export interface OnnxInitializer {
  value: Value;
  data: TensorData;
}

export interface OnnxModel {
  name: string;
  nodes: readonly OnnxNode[];
  initializers: readonly OnnxInitializer[];
  inputs: readonly Value[];
  outputs: readonly Value[];
}

/** The newest ONNX operator set that the fragments need. */
export const OPSET = 21;
const IR_VERSION = 10;
/** TensorProto.DataType */
const DATA_TYPES: Record<Dtype, number> = { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10 };
/** AttributeProto.AttributeType */
const ATTRIBUTE = { float: 1, int: 2, string: 3, floats: 6, ints: 7 } as const;

export const dataType = (dtype: Dtype): number => DATA_TYPES[dtype];

/** Encodes a model. Names and shapes are taken as they are; `Graph` checked them. */
export function encodeModel(model: OnnxModel): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).int64(IR_VERSION);
  writer.tag(2, WireType.LengthDelimited).string('glassbox');
  message(writer, 7, (graph) => {
    for (const node of model.nodes) message(graph, 1, (out) => writeNode(out, node));
    graph.tag(2, WireType.LengthDelimited).string(model.name);
    for (const initializer of model.initializers) message(graph, 5, (out) => writeInitializer(out, initializer));
    for (const input of model.inputs) message(graph, 11, (out) => writeValueInfo(out, input));
    for (const output of model.outputs) message(graph, 12, (out) => writeValueInfo(out, output));
  });
  for (const [domain, version] of [
    ['', OPSET],
    ['com.microsoft', 1],
  ] as const) {
    message(writer, 8, (opset) => {
      opset.tag(1, WireType.LengthDelimited).string(domain);
      opset.tag(2, WireType.Varint).int64(version);
    });
  }
  return writer.finish();
}

function message(writer: BinaryWriter, field: number, write: (writer: BinaryWriter) => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write(writer);
  writer.join();
}

function writeNode(out: BinaryWriter, node: OnnxNode): void {
  for (const input of node.inputs) out.tag(1, WireType.LengthDelimited).string(input);
  for (const output of node.outputs) out.tag(2, WireType.LengthDelimited).string(output);
  out.tag(3, WireType.LengthDelimited).string(node.name);
  out.tag(4, WireType.LengthDelimited).string(node.opType);
  for (const [name, value] of Object.entries(node.attributes)) message(out, 5, (attribute) => writeAttribute(attribute, name, value));
  if (node.domain) out.tag(7, WireType.LengthDelimited).string(node.domain);
}

function writeAttribute(out: BinaryWriter, name: string, value: Attribute): void {
  out.tag(1, WireType.LengthDelimited).string(name);
  const type = (kind: keyof typeof ATTRIBUTE): void => void out.tag(20, WireType.Varint).int32(ATTRIBUTE[kind]);
  if (typeof value === 'number') {
    out.tag(3, WireType.Varint).int64(value);
    type('int');
  } else if (typeof value === 'string') {
    out.tag(4, WireType.LengthDelimited).string(value);
    type('string');
  } else if ('float' in value) {
    out.tag(2, WireType.Bit32).float(value.float);
    type('float');
  } else if ('floats' in value) {
    for (const float of value.floats) out.tag(7, WireType.Bit32).float(float);
    type('floats');
  } else {
    for (const int of value) out.tag(8, WireType.Varint).int64(int);
    type('ints');
  }
}

function writeInitializer(out: BinaryWriter, { value, data }: OnnxInitializer): void {
  for (const dim of value.shape) out.tag(1, WireType.Varint).int64(dim);
  out.tag(2, WireType.Varint).int32(dataType(value.dtype));
  out.tag(8, WireType.LengthDelimited).string(value.name);
  if ('bytes' in data) {
    out.tag(9, WireType.LengthDelimited).bytes(data.bytes);
    return;
  }
  for (const [key, entry] of [
    ['location', data.path],
    ['offset', data.offset],
    ['length', data.length],
  ] as const) {
    message(out, 13, (pair) => {
      pair.tag(1, WireType.LengthDelimited).string(key);
      pair.tag(2, WireType.LengthDelimited).string(String(entry));
    });
  }
  out.tag(14, WireType.Varint).int32(1); // DataLocation.EXTERNAL
}

function writeValueInfo(out: BinaryWriter, value: Value): void {
  out.tag(1, WireType.LengthDelimited).string(value.name);
  message(out, 2, (type) => message(type, 1, (tensor) => writeTensorType(tensor, value.dtype, value.shape)));
}

function writeTensorType(out: BinaryWriter, dtype: Dtype, shape: Shape): void {
  out.tag(1, WireType.Varint).int32(dataType(dtype));
  message(out, 2, (proto) => {
    for (const dim of shape) {
      message(proto, 1, (entry) => {
        if (typeof dim === 'number') entry.tag(1, WireType.Varint).int64(dim);
        else if (dim !== '?') entry.tag(2, WireType.LengthDelimited).string(dim);
      });
    }
  });
}
