import { ROBUST_WINDOW } from '../../src/engine/detection/robust-window.graph.js';
import { OnnxGraph, type Value } from '../tools/onnx-graph.js';
import type { ModelSource } from '../tools/model-source.js';

/** Stands for "no value" while sorting: beyond every scaled value, and finite. */
const ABSENT = 1e30;

/**
 * robust-window as an ONNX graph: medians and tail order statistics by sorting (TopK) and gathering. What it
 * computes, and why, stands beside the reference in src/engine/detection/robust-window.graph.ts.
 */
export function robustWindow(): ModelSource {
  const g = new OnnxGraph('robust-window');
  const baseline = g.input('baseline', ['batch', 'window']);
  const value = g.input('value', ['batch', 1]);
  const offset = g.input('offset', ['batch', 1]);
  const minimum = g.input('minimum_deviation', ['batch', 1]);
  const relative = g.input('minimum_relative_deviation', ['batch', 1]);
  const sensitivity = g.input('sensitivity', ['batch', 1]);
  const margin = g.input('novelty_margin', [1]);

  const add = (a: Value, b: Value) => g.node('Add', [a, b]);
  const subtract = (a: Value, b: Value) => g.node('Sub', [a, b]);
  const multiply = (a: Value, b: Value) => g.node('Mul', [a, b]);
  const divide = (a: Value, b: Value) => g.node('Div', [a, b]);
  const larger = (a: Value, b: Value) => g.node('Max', [a, b]);
  const smaller = (a: Value, b: Value) => g.node('Min', [a, b]);
  const bounded = (score: Value) => smaller(score, g.float(ROBUST_WINDOW.largestScore));

  /** Number of known values by row, [batch, 1]. */
  const countKnown = (absent: Value) =>
    g.node('ReduceSum', [g.node('Cast', [g.node('Not', [absent])], { attributes: { to: 1 } }), g.ints(1)], {
      attributes: { keepdims: 1 },
    });
  const sortAscending = (x: Value) => {
    const width = g.node('Shape', [x], { attributes: { start: 1, end: 2 } });
    return g.nodeOutputs('TopK', [x, width], { attributes: { axis: 1, largest: 0, sorted: 1 }, outputs: 2 })[0]!;
  };
  const pick = (sorted: Value, index: Value) => {
    const position = g.node('Cast', [larger(index, g.float(0))], { attributes: { to: 7 } });
    return g.node('GatherElements', [sorted, position], { attributes: { axis: 1 } });
  };
  const median = (sorted: Value, n: Value) => {
    const low = g.node('Floor', [multiply(subtract(n, g.float(1)), g.float(0.5))]);
    const high = g.node('Floor', [multiply(n, g.float(0.5))]);
    return multiply(add(pick(sorted, low), pick(sorted, high)), g.float(0.5));
  };

  const absent = g.node('IsNaN', [baseline]);
  const known = g.node('Where', [absent, g.float(ABSENT), baseline]);
  const n = countKnown(absent);
  const sorted = sortAscending(known);
  const centre = median(sorted, n);
  const deviations = g.node('Where', [absent, g.float(ABSENT), g.node('Abs', [subtract(known, centre)])]);
  const scale = multiply(median(sortAscending(deviations), n), g.float(ROBUST_WINDOW.madScale));

  const newest = g.node('Slice', [baseline, g.ints(-ROBUST_WINDOW.shortPoints), g.ints(2 ** 31 - 1), g.ints(1)]);
  const newestAbsent = g.node('IsNaN', [newest]);
  const newestKnown = g.node('Where', [newestAbsent, g.float(ABSENT), newest]);
  const level = median(sortAscending(newestKnown), countKnown(newestAbsent));
  const yhat = smaller(larger(level, subtract(centre, scale)), add(centre, scale));

  const widening = add(g.float(1), divide(g.float(ROBUST_WINDOW.smallSample), larger(n, g.float(1))));
  const least = larger(minimum, multiply(relative, g.node('Abs', [add(yhat, offset)])));
  const byDeviation = larger(multiply(multiply(sensitivity, scale), widening), least);
  const share = (of: number) => g.node('Floor', [multiply(n, g.float(of))]);
  const early = smaller(share(ROBUST_WINDOW.earlyTailShare), g.float(ROBUST_WINDOW.earlyTailPoints));
  const tail = larger(early, share(ROBUST_WINDOW.tailShare));
  const highest = pick(sorted, subtract(subtract(n, g.float(1)), tail));
  const lowest = pick(sorted, tail);
  const reach = multiply(margin, widening);
  const noveltyUp = larger(multiply(subtract(highest, yhat), reach), least);
  const noveltyDown = larger(multiply(subtract(yhat, lowest), reach), least);

  const residual = subtract(value, yhat);
  const distance = g.node('Abs', [residual]);
  const byNovelty = g.node('Where', [g.node('GreaterOrEqual', [residual, g.float(0)]), noveltyUp, noveltyDown]);

  g.output('score', bounded(divide(distance, larger(byDeviation, byNovelty))), ['batch', 1]);
  g.output('yhat', yhat, ['batch', 1]);
  g.output('yhat_lower', subtract(yhat, larger(byDeviation, noveltyDown)), ['batch', 1]);
  g.output('yhat_upper', add(yhat, larger(byDeviation, noveltyUp)), ['batch', 1]);
  const channels = [bounded(divide(distance, byDeviation)), bounded(divide(distance, byNovelty))];
  g.output('contributions', g.node('Concat', channels, { attributes: { axis: 1 } }), ['batch', 2]);

  const opset = 17;
  const description = 'Robust band (median, MAD, tail range) around a short-term level; scores one point per series.';
  return {
    bytes: g.encode({ opset, modelVersion: Number(ROBUST_WINDOW.version), description }),
    manifest: {
      id: ROBUST_WINDOW.id,
      version: ROBUST_WINDOW.version,
      title: 'Robust window',
      description,
      task: 'anomaly-detection',
      opset,
      inputs: [
        {
          name: 'baseline',
          type: 'float32',
          shape: ['batch', 'window'],
          description: 'Values that count as normal, newest last; NaN where missing. Shifted and scaled by row.',
        },
        {
          name: 'value',
          type: 'float32',
          shape: ['batch', 1],
          description: 'The value to score, shifted and scaled likewise.',
        },
        { name: 'offset', type: 'float32', shape: ['batch', 1], description: 'What was subtracted, in scaled units.' },
        { name: 'minimum_deviation', type: 'float32', shape: ['batch', 1], description: 'Scaled; greater than 0.' },
        {
          name: 'minimum_relative_deviation',
          type: 'float32',
          shape: ['batch', 1],
          description: 'Share of the expected value.',
        },
        {
          name: 'sensitivity',
          type: 'float32',
          shape: ['batch', 1],
          description: 'Half-width of the band in robust standard deviations.',
        },
        {
          name: 'novelty_margin',
          type: 'float32',
          shape: [1],
          description: 'Half-width of the band as a multiple of the way to the tail.',
        },
      ],
      outputs: [
        { name: 'score', type: 'float32', shape: ['batch', 1], description: '1.0 is the boundary; at most 1,000.' },
        { name: 'yhat', type: 'float32', shape: ['batch', 1], description: 'Expected value, scaled.' },
        { name: 'yhat_lower', type: 'float32', shape: ['batch', 1], description: 'Lower edge of the band, scaled.' },
        { name: 'yhat_upper', type: 'float32', shape: ['batch', 1], description: 'Upper edge of the band, scaled.' },
        {
          name: 'contributions',
          type: 'float32',
          shape: ['batch', 2],
          description: 'Score of each channel: deviation, novelty.',
        },
      ],
      madeBy: 'models/build.mjs from models/robust-window/graph.ts',
      trainedOn:
        'Nothing: the graph has no learned weights. Its constants are written in src/engine/detection/robust-window.graph.ts.',
      licence: 'Apache-2.0',
    },
  };
}
