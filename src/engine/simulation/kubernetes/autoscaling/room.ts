import type { ResourcesSpec } from '../../../scenario/component.types.js';
import { MAX_PODS } from '../scheduler/fits.js';

const ROUNDING = 1e-9;

/** What is free on a node while the cluster autoscaler tries what would fit; never part of the state. */
export class Room {
  private cpu: number;
  private memory: number;
  private pods: number;

  constructor(cpu: number, memory: number, pods = 0) {
    this.cpu = cpu;
    this.memory = memory;
    this.pods = pods;
  }

  fits({ cpuRequest, memoryRequest }: ResourcesSpec): boolean {
    return this.pods < MAX_PODS && cpuRequest <= this.cpu + ROUNDING && memoryRequest <= this.memory + ROUNDING;
  }

  take({ cpuRequest, memoryRequest }: ResourcesSpec): void {
    this.cpu -= cpuRequest;
    this.memory -= memoryRequest;
    this.pods += 1;
  }
}
