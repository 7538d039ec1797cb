import type { Environment, EnvironmentKind } from './environments.reader.js';

/** Lets sources create the environment they write to. Idempotent by slug. */
export abstract class EnvironmentsProvisioner {
  abstract ensure(environment: {
    readonly slug: string;
    readonly name: string;
    readonly kind: EnvironmentKind;
    readonly tickSeconds?: number;
  }): Promise<Environment>;
}
