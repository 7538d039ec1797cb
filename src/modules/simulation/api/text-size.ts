import { InvalidSimulationError } from '../simulation.errors.js';

export function assertTextSize(text: string | undefined, maxBytes: number): void {
  const bytes = text === undefined ? 0 : Buffer.byteLength(text);
  if (bytes <= maxBytes) return;
  throw new InvalidSimulationError([
    { path: 'text', message: `has ${bytes} bytes, more than the ${maxBytes} of simulation.maxScenarioBytes` },
  ]);
}
