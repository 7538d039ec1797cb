import type { EpochMs } from '../../../kernel/clock.js';
import { cronWindow, isWithinWindow, type CronWindow } from './cron/cron-window.js';
import type { ScalerAnswer, TriggerReading } from './scaled-object-state.types.js';
import type { CronTrigger, ValueTrigger } from './scaled-object.types.js';

/** A cron trigger outside its window asks for one replica. Source: keda cron_scaler.go. */
const CRON_REPLICAS_OUTSIDE = 1;

/** Answers of the external triggers, and the cron windows that were computed on the way. */
export interface Answers {
  readonly answers: ReadonlyMap<string, ScalerAnswer>;
  readonly cron: Readonly<Record<string, CronWindow>>;
}

/** Asks every external trigger. `readings` are at the triggers' positions. */
export function askScalers(
  triggers: readonly (CronTrigger | ValueTrigger | null)[],
  readings: readonly (TriggerReading | null | undefined)[],
  cron: Readonly<Record<string, CronWindow>>,
  now: EpochMs,
): Answers {
  const answers = new Map<string, ScalerAnswer>();
  const windows: Record<string, CronWindow> = {};
  for (const [index, trigger] of triggers.entries()) {
    if (trigger?.type === 'cron') {
      const window = cronWindow(trigger, cron[trigger.metricName], now);
      windows[trigger.metricName] = window;
      answers.set(trigger.metricName, cronAnswer(trigger, window, now));
    } else if (trigger) {
      answers.set(trigger.metricName, valueAnswer(trigger, readings[index]));
    }
  }
  return { answers, cron: windows };
}

function cronAnswer(trigger: CronTrigger, window: CronWindow, now: EpochMs): ScalerAnswer {
  const active = isWithinWindow(window, now);
  const replicas = active ? trigger.desiredReplicas : CRON_REPLICAS_OUTSIDE;
  return { type: 'metric', milli: replicas * 1000, active };
}

/**
 * The value in whole milli-units, truncated (GenerateMetricInMili), active strictly above the activation threshold.
 * Source: keda prometheus_scaler.go, metrics_api_scaler.go, scaler.go.
 */
function valueAnswer(trigger: ValueTrigger, reading: TriggerReading | null | undefined): ScalerAnswer {
  if (reading?.type === 'error') return { type: 'failure', message: reading.message };
  if (!reading) return { type: 'failure', message: `${trigger.type} gave no answer` };
  const { value } = reading;
  if (value !== null && Number.isFinite(value)) return metric(value, trigger);
  if (trigger.type === 'metrics-api')
    return {
      type: 'failure',
      message:
        'error requesting metrics endpoint: valueLocation must point to value of type number or a string representing a Quantity',
    };
  if (trigger.ignoreNullValues) return metric(0, trigger);
  const message =
    value === null
      ? "prometheus metrics 'prometheus' target may be lost, the result is empty"
      : `prometheus query returns ${value}`;
  return { type: 'failure', message };
}

function metric(value: number, trigger: ValueTrigger): ScalerAnswer {
  return { type: 'metric', milli: Math.trunc(value * 1000) + 0, active: value > trigger.activationThreshold };
}
