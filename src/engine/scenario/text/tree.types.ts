import type { Place } from '../scenario.errors.js';

/** A decoded document that remembers where every value stood. Trees share branches; nobody changes one. */
export type Tree = ScalarTree | MapTree | ListTree;

export interface ScalarTree {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  readonly place: Place;
  /** Values in it, itself included, aliases resolved. */
  readonly size: number;
}

export interface MapTree {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly place: Place;
  readonly size: number;
}

export interface ListTree {
  readonly kind: 'list';
  readonly items: readonly Tree[];
  readonly place: Place;
  readonly size: number;
}

export interface Entry {
  /** Where the key stands. */
  readonly key: Place;
  readonly tree: Tree;
}

/** Where a value is: keys of mappings and positions in lists. */
export type Path = readonly (string | number)[];
