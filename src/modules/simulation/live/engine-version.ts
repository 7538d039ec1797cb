/**
 * Stamp of the state that the engine keeps. To be raised with every change of the engine after which a state of the
 * version before would be misread or go on differently; older snapshots are then replaced by a replay of the journal.
 */
export const ENGINE_STATE_VERSION = '1';
