import type { Simulation } from '../simulation.types.js';
import type { FaultReport, RunFindings } from './report.types.js';

export function reportFaults({ state }: Simulation, findings?: RunFindings): readonly FaultReport[] {
  return state.account.faults.map(({ name, kind, where, from, to, harmedAt, recoveredAt }) => ({
    name,
    kind,
    where,
    from,
    to: happened(to),
    harmedAt: happened(harmedAt),
    recoveredAt: happened(recoveredAt),
    secondsToHarm: harmedAt < 0 ? null : harmedAt - from,
    secondsToRecover: recoveredAt < 0 ? null : recoveredAt - to,
    ...(findings === undefined ? {} : { detectedAfter: detectedAfter(findings, name, harmedAt) }),
  }));
}

/** Seconds from the first harm to the first detection; negative: it was seen before anybody was harmed. */
export function detectedAfter(findings: RunFindings, fault: string, harmedAt: number): number | null {
  const detection = findings.detections.find((candidate) => candidate.fault === fault);
  return detection === undefined || harmedAt < 0 ? null : detection.at - harmedAt;
}

function happened(step: number): number | null {
  return step < 0 ? null : step;
}
