import type { Environment, ModelVersion } from '../../api/types';

export type Verb = 'promote' | 'roll-back' | 'retire';

/** A place where something may be done with a version; null: everywhere. */
export interface Move {
  readonly environmentId: string | null;
  /** What the button that does it says. */
  readonly text: string;
}

/** Where the API lets somebody do this with a version. Nowhere: it is not offered. */
export function movesOf(model: ModelVersion, verb: Verb, environments: readonly Environment[]): Move[] {
  if (model.kind === 'detector') return [];
  const places = model.environmentId === null ? [null, ...environments.map(({ id }) => id)] : [model.environmentId];
  const everywhere = model.stages.find(({ environmentId }) => environmentId === null)?.stage;
  return places.flatMap((environmentId): Move[] => {
    const here = model.stages.find((stage) => stage.environmentId === environmentId);
    if (verb === 'promote') {
      const next = here ? here.next : 'shadow';
      return next === null || model.state === 'suspended' ? [] : [{ environmentId, text: `Promote to ${next}` }];
    }
    if (verb === 'roll-back') {
      return here?.rollBackTo ? [{ environmentId, text: `Back from ${here.stage} to ${here.rollBackTo}` }] : [];
    }
    const used = here ? here.mayRetire : everywhere === 'active' || everywhere === 'shadow';
    return used ? [{ environmentId, text: 'Retire' }] : [];
  });
}

/** Environments in which it runs in shadow, as far as its stages tell. */
export function shadowPlaces(model: ModelVersion, environments: readonly Environment[]): Environment[] {
  const stageIn = (place: string | null) => model.stages.find(({ environmentId }) => environmentId === place)?.stage;
  return environments.filter(({ id }) => {
    const here = stageIn(id);
    return here === 'shadow' || (stageIn(null) === 'shadow' && here !== 'retired' && here !== 'active');
  });
}

export function placeName(environmentId: string | null, environments: readonly Environment[]): string {
  if (environmentId === null) return 'everywhere';
  return environments.find(({ id }) => id === environmentId)?.name ?? 'in one environment';
}
