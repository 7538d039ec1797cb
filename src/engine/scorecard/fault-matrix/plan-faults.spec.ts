import { describe, expect, it } from 'vitest';
import { readScenario } from '../../../../test/support/simulation/shop-fleet.js';
import { parseFault } from '../../scenario/parse-fault.js';
import { ALL_FAULT_KINDS, planFaults } from './plan-faults.js';
import { touchedServices } from './touched-services.js';

const shop = readScenario('{ dsim: 1, name: shop, include: [fleets/shop.yaml] }');
const options = { kinds: ALL_FAULT_KINDS, seed: 1, perKind: 3, from: 1000, to: 5000 };

describe('the plan of a fault matrix', () => {
  it('has every kind, in its time, in order, and the same for the same seed', () => {
    const faults = planFaults(shop, options);
    expect(faults).toHaveLength(3 * ALL_FAULT_KINDS.length);
    expect(new Set(faults.map(({ kind }) => kind)).size).toBe(29);
    const times = faults.map(({ at }) => at);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
    expect(times.every((at) => at >= 1000 && at < 5000)).toBe(true);
    expect(planFaults(shop, options)).toEqual(faults);
    expect(planFaults(shop, { ...options, seed: 2 })).not.toEqual(faults);
  });

  it('has faults that the language of scenarios takes', () => {
    for (const { name, kind, at, duration, target, settings } of planFaults(shop, { ...options, perKind: 20 })) {
      const { entryPoint, ...place } = target;
      const raw = { ...place, ...(entryPoint !== undefined && { entry: entryPoint }) };
      const read = parseFault({ name, kind, at: `${at}s`, for: `${duration}s`, target: raw }, shop);
      expect(read.target, kind).toEqual(target);
      expect(Object.keys(settings), kind).toEqual(Object.keys(read.settings));
    }
  });

  it('draws each kind apart: fewer kinds are the same faults', () => {
    const faults = planFaults(shop, options).filter(({ kind }) => kind === 'disk-full');
    expect(planFaults(shop, { ...options, kinds: ['disk-full'] })).toEqual(faults);
  });

  it('leaves out what the fleet has nothing for', () => {
    const bare = { ...shop, stores: [], services: shop.services.map((each) => ({ ...each, consumes: null })) };
    const kinds = planFaults(bare, options).map(({ kind }) => kind);
    for (const kind of ['cache-flush', 'database-failover', 'consumer-stuck']) expect(kinds).not.toContain(kind);
  });
});

describe('the services that a fault touches', () => {
  it('are the target, its callers, and what those call', () => {
    const touched = touchedServices(shop, { store: 'accounts-db' });
    // web calls accounts, which reads accounts-db, and web reaches everything else.
    for (const name of ['accounts-db', 'accounts', 'web', 'catalog', 'notifications']) expect(touched).toContain(name);
  });

  it('are those of a part of the fleet only, where it stands alone', () => {
    const call = (name: string, to: string[]) => ({
      ...shop.services[0]!,
      name,
      consumes: null,
      operations: [
        {
          ...shop.services[0]!.operations[0]!,
          stages: [
            to.map((component) => ({ ...shop.services[0]!.operations[0]!.stages[0]![0]!, component, onMiss: [] })),
          ],
        },
      ],
    });
    const services = [
      call('a', ['b', 'c']),
      call('b', ['d']),
      call('c', []),
      call('d', []),
      call('x', ['y']),
      call('y', []),
    ];
    expect(touchedServices({ services }, { service: 'b' })).toEqual(['a', 'b', 'c', 'd']);
    expect(touchedServices({ services }, { service: 'y' })).toEqual(['x', 'y']);
    expect(touchedServices({ services }, { service: 'x', to: { service: 'y' } })).toEqual(['x', 'y']);
  });

  it('are any, where a place fails or the load changes', () => {
    expect(touchedServices(shop, { zone: 'eu-a' })).toBeNull();
    expect(touchedServices(shop, {})).toBeNull();
  });
});
