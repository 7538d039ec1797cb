import type { FieldReader } from '../validation/field-reader.js';
import type { ScaledObjectPause } from './scaled-object.types.js';

const PREFIX = 'autoscaling.keda.sh/';
const TRUE_WORDS = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const FALSE_WORDS = ['0', 'f', 'F', 'FALSE', 'false', 'False'];

/** The annotations that pause. Source: keda.sh, "Pausing autoscaling"; scaledobject_types.go. */
export function readPause(fields: FieldReader, annotations: Readonly<Record<string, string>>): ScaledObjectPause {
  const text = annotations[`${PREFIX}paused-replicas`];
  const replicas = text === undefined ? null : Number(text);
  if (replicas !== null && (!Number.isInteger(replicas) || replicas < 0))
    fields.invalid(
      `metadata.annotations[${PREFIX}paused-replicas]`,
      text,
      'must be a number of replicas, for example "0"',
    );
  return {
    paused: replicas !== null || isOn(annotations[`${PREFIX}paused`], true),
    replicas,
    scaleIn: isOn(annotations[`${PREFIX}paused-scale-in`], false),
    scaleOut: isOn(annotations[`${PREFIX}paused-scale-out`], false),
  };
}

/** KEDA takes any other text of `paused` as a wish to pause. */
function isOn(value: string | undefined, otherwise: boolean): boolean {
  if (value === undefined || FALSE_WORDS.includes(value)) return false;
  return TRUE_WORDS.includes(value) || otherwise;
}
