import type { DeployedVersion } from '../../kubernetes/platform-state.types.js';
import type { EmitContext } from './emit-context.js';
import type { EmitState, RolloutRecord } from './emit-state.js';

/** Version of the CDEvents specification, and of its events about services (github.com/cdevents/spec, v0.4.1). */
const CDEVENTS_VERSION = '0.4.1';
const EVENT_VERSION = '0.2.0';
const REMEMBERED = 20;

type Predicate = 'deployed' | 'upgraded' | 'rolledback';

/**
 * CDEvents over CloudEvents 1.0: `service.deployed` when a new version is asked for, `service.upgraded` when it serves
 * by default, `service.rolledback` when the version that is asked for was here before. A restart of the same version is
 * no event.
 */
export function emitDeployEvents(context: EmitContext, emit: EmitState): void {
  const { deployments } = context.state.platform;
  for (let i = 0; i < deployments.length; i++) {
    const { versions, stable, updated } = deployments[i]!;
    const wanted = versions[updated]!;
    const record = emit.rollouts[i];
    if (record === undefined) {
      emit.rollouts[i] = { hash: wanted.hash, name: wanted.name, done: true, back: false, history: [wanted.name] };
    } else if (record.hash !== wanted.hash) begin(context, i, record, wanted);
    const now = emit.rollouts[i]!;
    if (!now.done && versions[stable]!.hash === now.hash) {
      now.done = true;
      if (!now.back) emitDeploy(context, i, 'upgraded', wanted.name);
    }
  }
}

function begin(context: EmitContext, deployment: number, record: RolloutRecord, wanted: DeployedVersion): void {
  const same = record.name === wanted.name;
  record.back = same || record.history.includes(wanted.name);
  record.hash = wanted.hash;
  record.name = wanted.name;
  record.done = false;
  if (same) return;
  emitDeploy(context, deployment, record.back ? 'rolledback' : 'deployed', wanted.name);
  record.history.push(wanted.name);
  if (record.history.length > REMEMBERED) record.history.shift();
}

function emitDeploy(context: EmitContext, deployment: number, predicate: Predicate, version: string): void {
  const { fleet, sink, time, state } = context;
  if (sink.deploy === undefined) return;
  const { name, cluster } = fleet.deployments[deployment]!;
  const environment = fleet.clusters[cluster]!.spec.name;
  const { namespace } = fleet.scenario.telemetry;
  const type = `dev.cdevents.service.${predicate}.${EVENT_VERSION}`;
  const source = `/clusters/${environment}`;
  const id = `${fleet.scenario.name}-${state.step}-${deployment}-${predicate}`;
  const timestamp = new Date(time).toISOString();
  const subject = `${namespace}/${name}`;
  const artifactId = `pkg:docker/${name}@${version}?repository_url=registry.example`;
  sink.deploy({
    time,
    cloudEvent: {
      specversion: '1.0',
      id,
      source,
      type,
      subject,
      time: timestamp,
      datacontenttype: 'application/json',
      data: {
        context: { version: CDEVENTS_VERSION, id, source, type, timestamp },
        subject: {
          id: subject,
          source,
          type: 'service',
          content: { environment: { id: environment, source }, artifactId },
        },
      },
    },
  });
}
