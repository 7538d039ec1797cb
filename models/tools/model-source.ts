/** What a model's script gives: the bytes, and the manifest but for what follows from the bytes. */
export interface ModelSource {
  readonly bytes: Buffer;
  readonly manifest: {
    readonly id: string;
    readonly version: string;
    readonly title: string;
    readonly description: string;
    readonly task: 'anomaly-detection';
    readonly opset: number;
    readonly inputs: readonly TensorDescription[];
    readonly outputs: readonly TensorDescription[];
    readonly madeBy: string;
    readonly trainedOn: string;
    readonly licence: string;
  };
}

export interface TensorDescription {
  readonly name: string;
  readonly type: 'float32';
  /** A number, or the name of a size that may vary. */
  readonly shape: readonly (number | string)[];
  readonly description: string;
}
