import { defineConfig } from 'vitest/config';

const WITH_DATABASE = { globalSetup: ['test/support/global-setup.ts'], setupFiles: ['test/support/setup.ts'] };

export default defineConfig({
  // Decorator metadata is what Nest injects by.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    environment: 'node',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.spec.ts'],
          isolate: false,
          setupFiles: ['test/support/unit-setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.spec.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          ...WITH_DATABASE,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.spec.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          ...WITH_DATABASE,
        },
      },
      {
        extends: true,
        test: { name: 'architecture', include: ['test/architecture/**/*.spec.ts'], testTimeout: 60_000 },
      },
      {
        extends: true,
        test: {
          name: 'peers',
          include: ['test/peers/**/*.spec.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          ...WITH_DATABASE,
        },
      },
    ],
  },
});
