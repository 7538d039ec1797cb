import { Logger, type FactoryProvider } from '@nestjs/common';
import { getToken } from '@willsoto/nestjs-prometheus';
import { Gauge, register } from 'prom-client';

const TIMEOUT_MS = 1_000;
const WARN_EVERY_MS = 60_000;

export interface GaugeReadAtScrape<Source, Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly Label[];
  /** Where the value comes from: a provider. */
  readonly source: abstract new (...args: never[]) => Source;
  /** All values as they are now. */
  read(
    source: Source,
  ): Promise<readonly { readonly labels: Readonly<Record<Label, string>>; readonly value: number }[]>;
}

/**
 * A gauge whose values are looked up when someone scrapes. While the source does not answer it has no values, so that
 * an outage takes one metric away and not all of them: prom-client fails the whole scrape where one `collect` throws.
 */
export function gaugeReadAtScrape<Source, Label extends string = never>(
  gauge: GaugeReadAtScrape<Source, Label>,
): FactoryProvider {
  return {
    provide: getToken(gauge.name),
    inject: [gauge.source],
    useFactory: (source: Source) => {
      // The registry belongs to the process: a second application in it asks its own source.
      register.removeSingleMetric(gauge.name);
      const logger = new Logger('Metrics');
      const labelNames = [...(gauge.labelNames ?? [])];
      let quietUntil = 0;
      return new Gauge<Label>({
        name: gauge.name,
        help: gauge.help,
        labelNames,
        async collect() {
          let values: Awaited<ReturnType<typeof gauge.read>> = [];
          try {
            values = await inTime(gauge.read(source));
          } catch (error) {
            if (Date.now() >= quietUntil) logger.warn({ msg: `${gauge.name} cannot be read`, reason: reasonOf(error) });
            quietUntil = Date.now() + WARN_EVERY_MS;
          }
          this.reset();
          // Without labels, prom-client resets to 0, which would be an answer.
          if (values.length === 0 && labelNames.length === 0) this.remove();
          for (const { labels, value } of values) this.set(labels, value);
        },
      });
    },
  };
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
