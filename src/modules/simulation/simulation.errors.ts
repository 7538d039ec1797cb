import { DomainError, type FieldIssue } from '../../kernel/errors.js';

export class SimulationNotFoundError extends DomainError {
  constructor(environmentId: string) {
    super({
      code: 'simulation.simulation_not_found',
      kind: 'not-found',
      message: `There is no simulated environment ${environmentId}. GET /api/v1/simulations lists them.`,
    });
  }
}

export class ScenarioNotFoundError extends DomainError {
  constructor(name: string) {
    super({
      code: 'simulation.scenario_not_found',
      kind: 'not-found',
      message: `The library has no scenario "${name}". GET /api/v1/scenarios lists what it has.`,
    });
  }
}

export class InvalidSimulationError extends DomainError {
  constructor(issues: readonly FieldIssue[]) {
    super({
      code: 'simulation.invalid_request',
      kind: 'invalid',
      message: issues.map(({ path, message }) => `${path} ${message}`).join('; '),
      issues,
    });
  }
}

export class TooManySimulationsError extends DomainError {
  constructor(limit: number) {
    super({
      code: 'simulation.too_many_simulations',
      kind: 'conflict',
      message: `There are ${limit} simulated environments already, the limit of simulation.maxSimulations. Delete one first.`,
    });
  }
}

export class SimulationFailedError extends DomainError {
  constructor(reason: string) {
    super({
      code: 'simulation.failed',
      kind: 'conflict',
      message: `This simulation has failed: ${reason} Remove the cause and resume it with PATCH {"paused": false}, or delete it.`,
    });
  }
}

export class SimulationNotPausedError extends DomainError {
  constructor() {
    super({
      code: 'simulation.not_paused',
      kind: 'conflict',
      message: 'Steps are made of a simulation that is paused. Pause it first: PATCH with {"paused": true}.',
    });
  }
}

export class FaultNotFoundError extends DomainError {
  constructor(name: string) {
    super({
      code: 'simulation.fault_not_found',
      kind: 'not-found',
      message: `No fault "${name}" is in force or planned. GET the simulation to see which are.`,
    });
  }
}

export class NoScrapeYetError extends DomainError {
  constructor() {
    super({
      code: 'simulation.no_scrape_yet',
      kind: 'unavailable',
      message: 'The simulation has not reached its first scrape. Try again in a moment.',
      retryAfterSeconds: 2,
    });
  }
}

export class RunNotFoundError extends DomainError {
  constructor(id: string) {
    super({
      code: 'simulation.run_not_found',
      kind: 'not-found',
      message: `There is no run ${id}. GET /api/v1/simulation-runs lists them.`,
    });
  }
}

export class RunHasNoReportError extends DomainError {
  constructor(state: string) {
    super({
      code: 'simulation.run_has_no_report',
      kind: 'conflict',
      message: `The run is ${state}; only a finished one has a report.`,
    });
  }
}
