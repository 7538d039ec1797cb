import type { SchemaNode } from './schema-node.types.js';

/**
 * Files merge mapping by mapping, so none of them must have all keys of one. Lists replace each other as a whole, and
 * what is in them stays complete.
 */
export function fragmentsOf(node: SchemaNode): SchemaNode {
  if (node.$ref !== undefined) return node;
  const { required: _, oneOf, anyOf, properties, additionalProperties, ...rest } = node;
  // One of several mappings is no longer told apart by its kind alone.
  const forms = (oneOf ?? anyOf)?.map(fragmentsOf);
  return {
    ...rest,
    ...(forms && { anyOf: forms }),
    ...(properties && { properties: mapValues(properties, fragmentsOf) }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === 'object' ? fragmentsOf(additionalProperties) : additionalProperties,
    }),
  };
}

function mapValues(nodes: Readonly<Record<string, SchemaNode>>, change: (node: SchemaNode) => SchemaNode) {
  return Object.fromEntries(Object.entries(nodes).map(([key, node]) => [key, change(node)]));
}

const needs = (...keys: readonly string[]) => ({
  type: 'object',
  properties: Object.fromEntries(keys.map((key) => [key, true])),
  required: keys,
});
const everyOne = (additionalProperties: object) => ({ type: 'object', additionalProperties });

/** A file that starts with `dsim` and includes nothing is all there is. */
export const STANDALONE = {
  if: { properties: { dsim: true, include: false }, required: ['dsim'] },
  then: {
    properties: {
      services: everyOne({
        type: 'object',
        properties: { operations: everyOne(needs('work')) },
        anyOf: [needs('work'), needs('operations')],
      }),
      stores: everyOne(needs('kind')),
      load: everyOne({ ...needs('to'), oneOf: [needs('rate'), needs('replay')] }),
    },
    required: ['services'],
  },
  dependentRequired: { title: ['dsim'], teaches: ['dsim'] },
};
