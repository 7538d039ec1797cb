import { Injectable } from '@nestjs/common';
import type { Stage } from './module-definition.js';

export interface Feature {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly tier: 3 | 4;
  readonly stage: Stage;
  readonly enabled: boolean;
  /** Why it is on or off: `on: default of the development profile`, `off: FEATURE_LIVE=false`. */
  readonly reason: string;
  /** The variable that turns it on and off; null where the product cannot run without it. */
  readonly flag: string | null;
  readonly dependsOn: readonly string[];
}

/** Every module of the catalogue, on or off, with the reason. */
@Injectable()
export class FeatureRegistry {
  private readonly byId: ReadonlyMap<string, Feature>;

  constructor(private readonly features: readonly Feature[]) {
    this.byId = new Map(features.map((feature) => [feature.id, feature]));
  }

  list(): readonly Feature[] {
    return this.features;
  }

  find(id: string): Feature | undefined {
    return this.byId.get(id);
  }

  isEnabled(id: string): boolean {
    return this.byId.get(id)?.enabled ?? false;
  }
}
