import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEvent } from './define-event.js';
import { DeliverEventProcessor } from './deliver-event.processor.js';
import type { SubscriberCatalogue } from './subscriber-catalogue.js';

const Counted = defineEvent({ type: 'things.counted', version: 1, payload: z.object({ count: z.number() }) });
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PUBLISHER = '00f067aa0ba902b7';

function deliver(traceContext: Record<string, string> | null, handle: () => Promise<void>): Promise<void> {
  const named = () => ({ name: 'books.write-down', event: Counted, handle });
  const processor = new DeliverEventProcessor({ named } as unknown as SubscriberCatalogue);
  return processor.process({
    subscriber: 'books.write-down',
    eventId: 'e1',
    type: Counted.type,
    version: 1,
    environmentId: null,
    occurredAt: '2026-11-21T10:00:00.000Z',
    payload: { count: 1 },
    trace: traceContext,
  });
}

describe('delivering an event', () => {
  const exporter = new InMemorySpanExporter();

  beforeAll(() => {
    new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
  });
  afterEach(() => exporter.reset());
  afterAll(() => {
    trace.disable();
    context.disable();
    propagation.disable();
  });

  it('is a span of its own in the trace of who published', async () => {
    let active: string | undefined;
    await deliver({ traceparent: `00-${TRACE}-${PUBLISHER}-01` }, async () => {
      active = trace.getActiveSpan()?.spanContext().spanId;
    });
    const [span] = exporter.getFinishedSpans();
    expect(span).toMatchObject({
      name: 'deliver things.counted to books.write-down',
      kind: SpanKind.CONSUMER,
      parentSpanContext: { traceId: TRACE, spanId: PUBLISHER },
    });
    expect(active).toBe(span!.spanContext().spanId);
  });

  it('belongs to the job where the event has no trace', async () => {
    await trace.getTracer('test').startActiveSpan('job', async (job) => {
      await deliver(null, () => Promise.resolve());
      job.end();
    });
    const [delivery, job] = exporter.getFinishedSpans();
    expect(delivery!.parentSpanContext?.spanId).toBe(job!.spanContext().spanId);
  });

  it('ends, marked as failed, where the subscriber fails', async () => {
    await expect(deliver(null, () => Promise.reject(new Error('no ink')))).rejects.toThrow('no ink');
    expect(exporter.getFinishedSpans()[0]).toMatchObject({ status: { code: SpanStatusCode.ERROR } });
  });
});
