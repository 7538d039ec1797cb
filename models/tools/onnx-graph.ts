import protobuf from 'protobufjs';

/** The part of onnx.proto3 (ONNX IR version 8) that our graphs need. */
const SCHEMA = `syntax = "proto3"; package onnx;
message AttributeProto { string name = 1; float f = 2; int64 i = 3; repeated int64 ints = 8; int32 type = 20; }
message NodeProto { repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4;
  repeated AttributeProto attribute = 5; }
message TensorProto { repeated int64 dims = 1; int32 data_type = 2; repeated float float_data = 4;
  repeated int64 int64_data = 7; string name = 8; }
message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
message TensorShapeProto { repeated Dimension dim = 1; }
message TensorTypeProto { int32 elem_type = 1; TensorShapeProto shape = 2; }
message TypeProto { TensorTypeProto tensor_type = 1; }
message ValueInfoProto { string name = 1; TypeProto type = 2; }
message GraphProto { repeated NodeProto node = 1; string name = 2; repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12; }
message OperatorSetIdProto { string domain = 1; int64 version = 2; }
message ModelProto { int64 ir_version = 1; string producer_name = 2; int64 model_version = 5; string doc_string = 6;
  GraphProto graph = 7; repeated OperatorSetIdProto opset_import = 8; }`;

const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;

export type Shape = readonly (number | string)[];
/** Name of a tensor in the graph. */
export type Value = string;

interface NodeOptions {
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
  readonly outputs?: number;
}

/** Writes ONNX graphs node by node; every method returns the name of what it made. */
export class OnnxGraph {
  private readonly nodes: object[] = [];
  private readonly initializers: object[] = [];
  private readonly inputs: object[] = [];
  private readonly outputs: object[] = [];
  private readonly constants = new Map<string, Value>();

  constructor(private readonly name: string) {}

  input(name: string, shape: Shape): Value {
    this.inputs.push(valueInfo(name, shape));
    return name;
  }

  output(name: string, value: Value, shape: Shape): void {
    this.nodes.push({ op_type: 'Identity', name: `output_${name}`, input: [value], output: [name] });
    this.outputs.push(valueInfo(name, shape));
  }

  float(value: number): Value {
    return this.constant(`float_${value}`, { data_type: FLOAT, float_data: [value], dims: [] });
  }

  ints(...values: number[]): Value {
    return this.constant(`ints_${values.join('_')}`, { data_type: INT64, int64_data: values, dims: [values.length] });
  }

  node(operator: string, inputs: readonly Value[], options: NodeOptions = {}): Value {
    return this.nodeOutputs(operator, inputs, options)[0]!;
  }

  nodeOutputs(operator: string, inputs: readonly Value[], { attributes = {}, outputs = 1 }: NodeOptions = {}): Value[] {
    const name = `${operator.toLowerCase()}_${this.nodes.length}`;
    const made = Array.from({ length: outputs }, (_, i) => (i === 0 ? name : `${name}_${i}`));
    const attribute = Object.entries(attributes).map(([key, value]) =>
      typeof value === 'number'
        ? { name: key, type: ATTRIBUTE_INT, i: value }
        : { name: key, type: ATTRIBUTE_INTS, ints: value },
    );
    this.nodes.push({ op_type: operator, name, input: inputs, output: made, attribute });
    return made;
  }

  /** Bytes of the model; the same graph gives the same bytes. */
  encode(options: { readonly opset: number; readonly modelVersion: number; readonly description: string }): Buffer {
    const { root } = protobuf.parse(SCHEMA, { keepCase: true });
    const type = root.lookupType('onnx.ModelProto');
    const model = type.fromObject({
      ir_version: 8,
      producer_name: 'devops-simulator',
      model_version: options.modelVersion,
      doc_string: options.description,
      opset_import: [{ domain: '', version: options.opset }],
      graph: {
        name: this.name,
        node: this.nodes,
        initializer: this.initializers,
        input: this.inputs,
        output: this.outputs,
      },
    });
    return Buffer.from(type.encode(model).finish());
  }

  private constant(name: string, tensor: object): Value {
    const known = this.constants.get(name);
    if (known) return known;
    this.constants.set(name, name);
    this.initializers.push({ name, ...tensor });
    return name;
  }
}

function valueInfo(name: string, shape: Shape): object {
  const dim = shape.map((size) => (typeof size === 'number' ? { dim_value: size } : { dim_param: size }));
  return { name, type: { tensor_type: { elem_type: FLOAT, shape: { dim } } } };
}
