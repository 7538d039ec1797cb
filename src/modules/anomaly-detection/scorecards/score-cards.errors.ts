import { DomainError } from '../../../kernel/errors.js';

export class ScoreCardNotFinishedError extends DomainError {
  constructor(id: string, state: string) {
    super({
      code: 'anomaly_detection.score_card_not_finished',
      kind: 'conflict',
      message: `Score card ${id} is ${state}; only finished ones can be compared.`,
    });
  }
}
