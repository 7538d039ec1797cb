import { LIMITS } from '../limits.js';
import { InvalidScenarioError, type Place } from '../scenario.errors.js';
import type { Entry, Tree } from './tree.types.js';
import { listTree, mapTree, scalarTree } from './trees.js';

const NOWHERE: Place = { file: '', line: 0, column: 0 };

/**
 * The tree of a decoded JSON value, which has no text to point at.
 *
 * @throws InvalidScenarioError where it is deeper or larger than anything that can be meant
 */
export function treeOfValue(value: unknown): Tree {
  let size = 0;
  const treeOf = (each: unknown, depth: number): Tree => {
    if (depth > LIMITS.depth || ++size > LIMITS.nodes) throw tooLarge();
    if (Array.isArray(each)) {
      return listTree(
        each.map((item) => treeOf(item, depth + 1)),
        NOWHERE,
      );
    }
    if (typeof each === 'object' && each !== null) {
      const entries = Object.entries(each).map(([key, item]): [string, Entry] => [
        key,
        { key: NOWHERE, tree: treeOf(item, depth + 1) },
      ]);
      return mapTree(new Map(entries.filter(([key]) => key !== '__proto__')), NOWHERE);
    }
    const isScalar = typeof each === 'string' || typeof each === 'number' || typeof each === 'boolean';
    return scalarTree(isScalar ? each : null, NOWHERE);
  };
  return treeOf(value, 0);
}

function tooLarge(): InvalidScenarioError {
  return new InvalidScenarioError([
    {
      ...NOWHERE,
      path: '',
      message: `is nested deeper than ${LIMITS.depth} levels, or has more than ${LIMITS.nodes} values`,
    },
  ]);
}
