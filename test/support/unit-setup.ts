import { afterAll, beforeAll } from 'vitest';
import { register } from 'prom-client';
import 'reflect-metadata';

/**
 * Unit specs share one module registry, which makes them many times faster. What one file leaves behind would reach
 * the next, so each file starts with the environment, the listeners and the metrics that the process started with.
 */
let environment: NodeJS.ProcessEnv;
const listeners = new Map<string | symbol, readonly ((...args: never[]) => void)[]>();

beforeAll(() => {
  environment = { ...process.env };
  for (const event of process.eventNames()) listeners.set(event, process.rawListeners(event) as never);
  register.clear();
});

afterAll(() => {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
  for (const event of process.eventNames()) {
    const before = new Set(listeners.get(event) ?? []);
    for (const listener of process.rawListeners(event)) {
      if (!before.has(listener as never)) process.removeListener(event, listener as never);
    }
  }
  listeners.clear();
  register.clear();
});
