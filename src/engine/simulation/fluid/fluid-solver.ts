import { createFlows } from '../model/create-network.js';
import type { Solver } from '../model/solver.types.js';
import { describeChanges } from './describe.js';
import { planOf } from './fluid-plan.js';
import { createFluidState, type FluidState } from './fluid-state.js';
import { sendCalls, type FluidStep } from './routing.js';
import { serveStation } from './serve.js';
import { serveUsers } from './users.js';

/**
 * The fleet as a fluid: rates instead of requests, one second at a time, without randomness of its own. Arrivals go
 * down the call graph, times come back up and act in the next step. Queues follow the pointwise stationary fluid flow
 * approximation (W.-P. Wang, D. Tipper and S. Banerjee, "A simple approximation for modeling nonstationary queues",
 * IEEE INFOCOM 1996) of M/G/c, implicitly integrated; times are distributions on a grid (`grid.ts`).
 */
export const fluidSolver: Solver<FluidState> = {
  name: 'fluid',
  create(network, parameters) {
    const state = createFluidState(network, planOf(network).edgeStart.length - 1);
    // A step without arrivals describes the empty network.
    fluidSolver.step(network, parameters, new Float64Array(network.entries.length), state, createFlows(network));
    return state;
  },
  step(network, parameters, arrivals, state, flows) {
    const plan = planOf(network);
    const step: FluidStep = { network, plan, parameters, state, flows };
    for (let entry = 0; entry < network.entries.length; entry++) {
      sendCalls(step, network.entries[entry]!, arrivals[entry]!);
      serveUsers(step, entry, arrivals[entry]!);
    }
    for (let i = 0; i < plan.stationOrder.length; i++) serveStation(step, plan.stationOrder[i]!);
    describeChanges(step);
  },
};
