import type { Provider, Type } from '@nestjs/common';
import { CoMoverFinder } from './explain/co-mover-finder.js';
import { ExplanationController } from './explain/explanation.controller.js';
import { ExplanationReadModel } from './explain/explanation.read-model.js';
import { ExplanationService } from './explain/explanation.service.js';
import { GroupsController } from './groups/groups.controller.js';
import { GroupsReadModel } from './groups/groups.read-model.js';
import { GroupsService } from './groups/groups.service.js';

/** Groups of anomalies and what they say of themselves, for whoever asks. */
export const SERVICE_CONTROLLERS: Type[] = [ExplanationController, GroupsController];

export const SERVICE_READERS: Provider[] = [
  CoMoverFinder,
  ExplanationReadModel,
  ExplanationService,
  GroupsReadModel,
  GroupsService,
];
