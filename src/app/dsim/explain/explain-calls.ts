import type { CallSpec, OperationSpec } from '../../../engine/scenario/component.types.js';
import type { Scenario } from '../../../engine/scenario/scenario.types.js';
import { latency, percent, plural } from '../terminal/words.js';

/** A tree for each operation that users or queues begin with. */
export function explainCalls(scenario: Scenario): string {
  const operationOf = (component: string, name: string): OperationSpec | undefined =>
    scenario.services.find((service) => service.name === component)?.operations.find((one) => one.name === name);
  const lines: string[] = [];
  const told = new Set<string>();
  const tell = (component: string, name: string, indent: string): void => {
    const operation = operationOf(component, name);
    if (operation === undefined || operation.stages.length === 0) return;
    const id = `${component}.${name}`;
    if (told.has(id)) return void lines.push(`${indent}(as above)`);
    told.add(id);
    for (const call of operation.stages.flat()) tellCall(call, indent);
  };
  const tellCall = (call: CallSpec, indent: string): void => {
    lines.push(`${indent}${call.component}.${call.operation}${conditions(call)}`);
    tell(call.component, call.operation, `${indent}  `);
    for (const miss of call.onMiss.flat()) {
      lines.push(`${indent}  on a miss:`);
      tellCall(miss, `${indent}    `);
    }
  };
  for (const { name, service, operation } of scenario.load) {
    lines.push(`  users (${name}): ${service}.${operation}`);
    tell(service, operation, '    ');
  }
  for (const { name, consumes } of scenario.services) {
    if (consumes === null) continue;
    lines.push(`  queue ${consumes.queue}: ${name}.${consumes.operation}`);
    tell(name, consumes.operation, '    ');
  }
  return lines.map((line) => `${line}\n`).join('');
}

function conditions({ probability, fanOut, timeout, retries, breaker, optional, pool }: CallSpec): string {
  const facts = [
    ...(probability < 1 ? [percent(probability)] : []),
    ...(fanOut > 1 ? [`${fanOut} at once`] : []),
    ...(timeout < Infinity ? [`within ${latency(timeout)}`] : []),
    ...(retries.max > 0 ? [plural(retries.max, 'retry', 'retries')] : []),
    ...(breaker === null ? [] : ['circuit breaker']),
    ...(pool === null ? [] : [`pool of ${pool.size}`]),
    ...(optional ? ['may fail'] : []),
  ];
  return facts.length === 0 ? '' : ` (${facts.join(', ')})`;
}
