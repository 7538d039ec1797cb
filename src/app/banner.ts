import type { INestApplication, LoggerService } from '@nestjs/common';
import type { FeatureRegistry } from '../platform/registry/feature-registry.js';
import type { Listening } from '../platform/http/listen-http.js';
import { FirstRunNotice } from '../platform/registry/first-run-notice.js';
import type { LaunchSettings } from '../platform/registry/launch-settings.js';
import type { OpenedDatabase } from './open-database.js';

export interface Announcement {
  readonly app: INestApplication;
  readonly launch: LaunchSettings;
  readonly features: FeatureRegistry;
  readonly version: string;
  readonly format: 'pretty' | 'json';
  readonly logger: LoggerService;
  readonly listening: readonly Listening[];
  readonly database: OpenedDatabase;
}

/** Says that we are up: a banner for people, one structured line where logs are read by machines. */
export function announce(announcement: Announcement): void {
  const { app, launch, features, version, format, logger, listening } = announcement;
  const seconds = process.uptime().toFixed(1);
  const notices = launch.role === 'worker' ? [] : firstRunNotices(app);
  if (format === 'json') {
    const on = features.list().filter(({ enabled }) => enabled);
    logger.log(
      {
        msg: `ready in ${seconds} s`,
        listening: listening.map(({ url }) => url),
        version,
        profile: launch.profile,
        role: launch.role,
        modules: on.map(({ id }) => id),
      },
      'Boot',
    );
    // Past the logger on purpose: it redacts secrets, and this is the one time the operator is to see one.
    for (const notice of notices) process.stderr.write(`${notice}\n`);
    return;
  }
  process.stdout.write(`\n${bannerText({ ...announcement, seconds, notices }).join('\n')}\n\n`);
}

export function bannerText({
  launch,
  features,
  version,
  listening,
  database,
  seconds,
  notices,
}: Pick<Announcement, 'launch' | 'features' | 'version' | 'listening' | 'database'> & {
  readonly seconds: string;
  readonly notices: readonly string[];
}): readonly string[] {
  const addressOf = (name: string): string | undefined => listening.find((listener) => listener.name === name)?.url;
  const page = friendlyAddress(addressOf('main') ?? '');
  const [metrics, ai] = [addressOf('metrics'), addressOf('ai')];
  const row = (label: string, lines: readonly string[]): string[] =>
    lines.map((line, index) => `  ${(index === 0 ? label : '').padEnd(10)} ${line}`);
  const ids = (enabled: boolean): string =>
    features
      .list()
      .filter((feature) => feature.enabled === enabled)
      .map(({ id, stage }) => (stage === 'stable' ? id : `${id} (${stage})`))
      .join(', ');
  const serves = launch.role !== 'worker';
  const off = ids(false);
  return [
    `  DevOps Simulator ${version}, profile ${launch.profile}, role ${launch.role}: ready in ${seconds} s`,
    '',
    ...(serves
      ? [...row('Page', [`${page}/`]), ...row('API', [`${page}/api/docs`])]
      : row('Health', [`${page}/health/ready`])),
    ...(metrics === undefined ? [] : row('Metrics', [`${friendlyAddress(metrics)}/metrics`])),
    ...(ai === undefined ? [] : row('AI API', [`${friendlyAddress(ai)}/api/v1/ai`])),
    ...row('Sign in', notices),
    ...row('Data', [database.override ? `${database.dataDir} (embedded PostgreSQL)` : 'in the configured PostgreSQL']),
    ...row('On', [ids(true)]),
    ...(off === '' ? [] : row('Off', [`${off}; \`npm run features\` says why`])),
    ...(serves
      ? row('Try next', [
          "open the page: this machine's own metrics arrive within seconds",
          `cause an incident:  for i in $(seq $(nproc)); do timeout 90 sh -c 'while :; do :; done' & done`,
          ...(features.list().some(({ id, enabled }) => id === 'simulation' && enabled)
            ? ['break a simulated shop: page Simulations; or in a terminal: npx dsim run metastable-retries']
            : []),
          'have a Prometheus write to it: README.md, "Ten minutes: your Prometheus"',
        ])
      : []),
    ...row('Stop', ['Ctrl-C']),
  ];
}

function firstRunNotices(app: INestApplication): readonly string[] {
  try {
    return app.get(FirstRunNotice, { strict: false }).notices();
  } catch {
    return [];
  }
}

function friendlyAddress(address: string): string {
  return address.replace('//127.0.0.1', '//localhost');
}
