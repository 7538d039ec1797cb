import { SMALL, small } from './scenario-text.js';

/**
 * A scenario with one mistake, at the mark §; the path that is reported, and part of the message. False: no JSON
 * Schema can see it, as it lies in names, order, files or the text itself.
 */
export type MarkedRow = readonly [what: string, marked: string, path: string, says: string, schema?: false];

/** The small scenario with other fields of its first service, entry point, and so on. */
export const web = (fields: string): string => SMALL.replace('work: 5ms\n', `${fields}\n`);
export const users = (fields: string): string => SMALL.replace('rate: 10 ', `${fields} `);
export const fault = (fields: string): string => small(`faults: [${fields}]\n`);
export const expecting = (fields: string): string => small(`expect: [${fields}]\n`);
export const change = (fields: string): string => small(`changes: [${fields}]\n`);
export const platform = (fields: string): string => small(`platform: ${fields}\n`);
