import type { DynamicModule } from '@nestjs/common';
import type { z } from 'zod';
import type { AnyConfigSection, ConfigSection } from '../../src/platform/config/define-config.js';

export interface SectionValue {
  readonly section: AnyConfigSection;
  readonly value: object;
}

/** A section with these values; the rest by the defaults of its schema. */
export function section<S extends z.ZodObject>(definition: ConfigSection<S>, value: z.input<S>): SectionValue {
  return { section: definition, value: Object.freeze(definition.schema.parse(value)) };
}

class TestConfigurationModule {}

/** Provides sections to a test module as the configuration module does in the product. */
export function testConfiguration(...values: readonly SectionValue[]): DynamicModule {
  const providers = values.map(({ section: { token }, value }) => ({ provide: token, useValue: value }));
  return { module: TestConfigurationModule, global: true, providers, exports: providers };
}
