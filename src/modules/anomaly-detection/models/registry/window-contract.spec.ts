import { describe, expect, it } from 'vitest';
import { contractIssues, isWindowModel, type OfferedTensor } from './window-contract.js';

const tensor = (name: string, shape: OfferedTensor['shape'], type = 'float32'): OfferedTensor => ({
  name,
  type,
  shape,
});
const WINDOW = tensor('window', ['batch', 64]);
const SCORE = tensor('score', ['batch', 1]);

describe('the contract of window models', () => {
  it.each([
    ['window and score', [WINDOW], [SCORE]],
    [
      'everything',
      [WINDOW, tensor('context', ['n', 8]), tensor('memory', ['n', 16, 16])],
      [SCORE, tensor('embedding', ['n', 16])],
    ],
    ['sizes that the graph leaves open', [tensor('window', [-1, 'width'])], [tensor('score', null)]],
  ])('takes %s', (_, inputs, outputs) => {
    expect(contractIssues({ inputs, outputs })).toEqual([]);
    expect(isWindowModel({ inputs, outputs })).toBe(true);
  });

  it.each([
    ['no window', [tensor('x', ['batch', 64])], [SCORE], ['inputs.window', 'inputs.x']],
    ['no score', [WINDOW], [], ['outputs.score']],
    ['another type', [tensor('window', ['batch', 64], 'int64')], [SCORE], ['inputs.window']],
    ['another width', [tensor('window', ['batch', 128])], [SCORE], ['inputs.window']],
    ['a fixed batch', [tensor('window', [1, 64])], [SCORE], ['inputs.window']],
    ['another rank', [tensor('window', ['batch', 64, 1])], [SCORE], ['inputs.window']],
    ['a name that objects have', [WINDOW, tensor('constructor', ['batch', 1])], [SCORE], ['inputs.constructor']],
  ])('refuses %s, and says where', (_, inputs, outputs, paths) => {
    expect(contractIssues({ inputs, outputs }).map(({ path }) => path)).toEqual(paths);
  });
});
