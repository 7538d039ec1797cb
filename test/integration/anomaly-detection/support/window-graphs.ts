import { OnnxGraph, type Shape, type Value } from '../../../../models/tools/onnx-graph.js';

interface Options {
  readonly input?: string;
  readonly output?: string;
  readonly shape?: Shape;
  readonly context?: boolean;
}

type Build = (graph: OnnxGraph, window: Value) => Value;

/** An ONNX file that takes a window and gives what `build` makes of it. */
export function windowGraph(build: Build, options: Options = {}): Buffer {
  const graph = new OnnxGraph('test');
  const window = graph.input(options.input ?? 'window', options.shape ?? ['batch', 64]);
  const score = build(graph, window);
  graph.output(options.output ?? 'score', score, [options.shape?.[0] ?? 'batch', 1]);
  return graph.encode({ opset: 17, modelVersion: 1, description: 'test' });
}

const mean = (graph: OnnxGraph, value: Value, keepdims = 1): Value =>
  graph.node('ReduceMean', [value], { attributes: { axes: [1], keepdims } });

/** Mean distance from the level, over `scale`. */
export function meanDistance(scale: number): Buffer {
  return windowGraph((graph, window) =>
    graph.node('Div', [mean(graph, graph.node('Abs', [window])), graph.float(scale)]),
  );
}

export const BAD_GRAPHS: readonly (readonly [string, Buffer, string])[] = [
  ['nothing', Buffer.alloc(0), 'body'],
  ['bytes that are no model', Buffer.from('this is no ONNX file, whatever its name says'), 'body'],
  ['half of a model', meanDistance(2).subarray(0, 120), 'body'],
  ['another input', windowGraph((g, w) => mean(g, g.node('Abs', [w])), { input: 'x' }), 'inputs.window'],
  ['another output', windowGraph((g, w) => mean(g, g.node('Abs', [w])), { output: 'y' }), 'outputs.score'],
  ['another width', windowGraph((g, w) => mean(g, g.node('Abs', [w])), { shape: ['batch', 32] }), 'inputs.window'],
  ['a fixed batch', windowGraph((g, w) => mean(g, g.node('Abs', [w])), { shape: [4, 64] }), 'inputs.window'],
  ['a score that is not finite', windowGraph((g, w) => mean(g, g.node('Log', [g.node('Abs', [w])]))), 'body'],
  ['a negative score', windowGraph((g, w) => mean(g, w)), 'body'],
  [
    'a score that depends on the batch',
    windowGraph((g, w) => {
      const all = g.node('ReduceMean', [g.node('Abs', [w])], { attributes: { axes: [0, 1], keepdims: 1 } });
      return g.node('Add', [mean(g, g.node('Mul', [w, g.float(0)])), all]);
    }),
    'body',
  ],
];

/** Takes gigabytes for a batch of 256. */
export function hungryGraph(): Buffer {
  return windowGraph((g, window) => {
    const wide = g.node('Expand', [g.node('Unsqueeze', [window, g.ints(2)]), g.ints(1, 1, 65_536)]);
    const flat = g.node('ReduceMean', [g.node('Exp', [wide])], { attributes: { axes: [2], keepdims: 0 } });
    return mean(g, flat);
  });
}

/** Takes seconds for a batch of 256. */
export function slowGraph(): Buffer {
  return windowGraph((g, window) => {
    const square = g.node('ConstantOfShape', [g.ints(2_048, 2_048)]);
    let value = g.node('MatMul', [window, g.node('ConstantOfShape', [g.ints(64, 2_048)])]);
    for (let i = 0; i < 500; i += 1) value = g.node('MatMul', [value, square]);
    return mean(g, value);
  });
}
