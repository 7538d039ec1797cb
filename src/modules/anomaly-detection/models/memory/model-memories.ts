import { createWindowMemory, type WindowMemory } from '../../../../engine/detection/learned/window-memory.js';

/**
 * What each model remembers of each series: active models and shadows alike, each its own, so that a shadow needs no
 * active model beside it, and takes what it remembers along when it is promoted. Series are known by their state.
 */
export class ModelMemories {
  private readonly models = new Map<string, WeakMap<object, WindowMemory>>();

  /** Made empty where there is none. */
  of(modelId: string, state: object): WindowMemory {
    let memory = this.models.get(modelId)?.get(state);
    if (!memory) this.put(modelId, state, (memory = createWindowMemory()));
    return memory;
  }

  find(modelId: string, state: object): WindowMemory | undefined {
    return this.models.get(modelId)?.get(state);
  }

  put(modelId: string, state: object, memory: WindowMemory): void {
    let states = this.models.get(modelId);
    if (!states) this.models.set(modelId, (states = new WeakMap()));
    states.set(state, memory);
  }

  /** Drops what models remember that are not used any more. */
  keepOnly(modelIds: readonly string[]): void {
    for (const id of this.models.keys()) if (!modelIds.includes(id)) this.models.delete(id);
  }
}
