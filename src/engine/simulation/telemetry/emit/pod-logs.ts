import type { KubernetesEvent, Pod } from '../../kubernetes/platform-state.types.js';
import { podLabels } from './emit-context.js';
import { hasRoom, type LogWriter, writeLine } from './log-writer.js';
import type { LogStyle } from './request-lines.js';

/** What a process writes when it starts and when it is told to end. A process that is killed writes nothing. */
export function logLifecycle(writer: LogWriter, event: KubernetesEvent, pod: Pod, style: LogStyle): void {
  const { context } = writer;
  const { name } = context.fleet.deployments[pod.deployment]!;
  const version = context.state.platform.deployments[pod.deployment]!.versions[pod.version]?.name ?? '';
  const texts = textsOf(event.reason, name, version);
  for (const [severity, text] of texts) {
    if (!hasRoom(writer)) return;
    writeLine(writer, severity, formatMessage(style, context.time, severity, name, text), podLabels(context, pod));
  }
}

type Line = readonly ['INFO' | 'WARN', string];

function textsOf(reason: string, name: string, version: string): readonly Line[] {
  switch (reason) {
    case 'Started':
      return [
        ['INFO', `starting ${name} version ${version}`],
        ['INFO', 'configuration loaded from environment'],
        ['INFO', 'listening on 0.0.0.0:8080'],
      ];
    case 'Killing':
      return [['INFO', 'received signal SIGTERM, draining connections']];
    case 'Unhealthy':
      return [['WARN', 'readiness probe answered 503: not ready to serve']];
    default:
      return [];
  }
}

export function formatMessage(style: LogStyle, timeMs: number, level: string, logger: string, text: string): string {
  const time = new Date(timeMs).toISOString();
  switch (style) {
    case 'json':
      return JSON.stringify({ ts: time, level: level.toLowerCase(), logger, msg: text });
    case 'plain':
      return `${time.replace('T', ' ').replace('Z', '')} ${level.padStart(5)} [${logger},] [main] ${logger} : ${text}`;
    case 'nginx': {
      const date = time.slice(0, 19).replaceAll('-', '/').replace('T', ' ');
      return `${date} [${level === 'INFO' ? 'notice' : level.toLowerCase()}] 1#1: ${text}`;
    }
  }
}
