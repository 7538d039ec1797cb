import type { FieldReader } from '../validation/field-reader.js';
import { FormulaError, type Formula } from './formula/formula.ast.js';
import { parseFormula } from './formula/parse-formula.js';
import { isExternal, type ScalingModifiers, type Trigger } from './scaled-object.types.js';

const PATH = 'spec.advanced.scalingModifiers';

/** `advanced.scalingModifiers`. Source: keda scaledobject_webhook.go, ValidateAndCompileScalingModifiers. */
export function readScalingModifiers(
  fields: FieldReader,
  value: unknown,
  triggers: readonly Trigger[],
): ScalingModifiers | undefined {
  const raw = fields.object(PATH, value, ['formula', 'target', 'activationTarget', 'metricType']);
  if (!raw || Object.keys(raw).length === 0) return undefined;
  const text = fields.string(`${PATH}.formula`, raw.formula);
  if (!text) return fields.required(`${PATH}.formula`, 'error ScalingModifiers.Formula is mandatory');
  const formula = readFormula(fields, text, triggers);
  const target = readNumber(fields, 'target', raw.target);
  if (target === undefined && !raw.target) fields.required(`${PATH}.target`, 'formula is given but target is empty');
  if (target !== undefined && target <= 0) fields.invalid(`${PATH}.target`, raw.target, 'must be greater than 0');
  const activationTarget = readNumber(fields, 'activationTarget', raw.activationTarget) ?? 0;
  const metricType = fields.oneOf(`${PATH}.metricType`, raw.metricType, ['AverageValue', 'Value'] as const);
  if (!formula || target === undefined) return undefined;
  return { formula, target, activationTarget, metricType: metricType ?? 'AverageValue' };
}

function readFormula(fields: FieldReader, text: string, triggers: readonly Trigger[]): Formula | undefined {
  const names = triggers.filter(isExternal).flatMap(({ name }) => (name ? [name] : []));
  try {
    return parseFormula(text, names);
  } catch (error) {
    if (error instanceof FormulaError) return fields.invalid(`${PATH}.formula`, text, error.message);
    throw error;
  }
}

function readNumber(fields: FieldReader, name: string, value: unknown): number | undefined {
  const text = fields.string(`${PATH}.${name}`, value);
  if (!text) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : fields.invalid(`${PATH}.${name}`, text, 'must be a number in quotes');
}
