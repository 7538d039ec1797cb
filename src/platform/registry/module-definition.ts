import type { DynamicModule } from '@nestjs/common';
import type { AnyConfigSection } from '../config/define-config.js';

export const PROFILES = ['production', 'development', 'experimental'] as const;
export type Profile = (typeof PROFILES)[number];

export const ROLES = ['all', 'api', 'worker'] as const;
export type Role = (typeof ROLES)[number];

export type Stage = 'stable' | 'beta' | 'experimental';

/** What a module is told when it is composed. A process of role `all` composes as `api`: its child is the worker. */
export interface ModuleContext {
  readonly profile: Profile;
  readonly role: Role;
  /** True where controllers, SSE and ingestion run. */
  readonly serves: boolean;
  /** True where queue processors and schedules run. */
  readonly works: boolean;
  isEnabled(moduleId: string): boolean;
}

/** One line of the module catalogue (`src/app/catalogue.ts`). A module that is off is never imported. */
export interface ModuleDefinition {
  /** kebab-case; its flag is `FEATURE_` + upper snake case. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly tier: 3 | 4;
  readonly stage: Stage;
  /** False for the parts the product cannot run without; a flag for them refuses boot. */
  readonly toggleable: boolean;
  readonly enabledIn: readonly Profile[];
  readonly dependsOn: readonly string[];
  readonly config?: () => Promise<readonly AnyConfigSection[]>;
  readonly load: (context: ModuleContext) => Promise<DynamicModule>;
}
