// Metrics by the real OpenTelemetry: what is counted, what is measured, and that nobody can be found in it.
import { metrics } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { memoryStore, totp } from '../../src/index.js';
import { openTelemetry } from '../../src/opentelemetry.js';
import { storeContract } from '../../src/testing/store-contract.js';
import { Browser } from '../support/agent.js';
import { fewBackupCodes, testApp } from '../support/app.js';

type Point = { attributes: { [name: string]: unknown }; value: unknown };

describe('openTelemetry', () => {
  let exporter: InMemoryMetricExporter;
  let provider: MeterProvider;

  beforeEach(() => {
    exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
    provider = new MeterProvider({ readers: [reader] });
    metrics.setGlobalMeterProvider(provider);
  });
  afterEach(async () => {
    await provider.shutdown();
    metrics.disable();
  });

  const pointsOf = async (name: string): Promise<Point[]> => {
    await provider.forceFlush();
    const [last] = exporter.getMetrics().slice(-1);
    const found = last?.scopeMetrics
      .flatMap((scope) => scope.metrics)
      .find(({ descriptor }) => descriptor.name === name);
    return found?.dataPoints ?? [];
  };

  it('counts what happens in an app, and measures its trips to the store, without naming anybody', async () => {
    const telemetry = openTelemetry();
    const app = await testApp({
      factors: [totp(), fewBackupCodes()],
      store: telemetry.store(memoryStore()),
      onEvent: telemetry,
    });
    try {
      const ada = await new Browser(app).signIn('ada-lovelace');
      const { secret } = await ada.enrollTotp();
      const again = await new Browser(app, { 'User-Agent': 'Nosy/1.0' }).signIn('ada-lovelace');
      await again.answer('totp', '000000');
      await again.proveTotp(secret);
      await app.mfa.settled();
    } finally {
      await app.close();
    }
    const events = await pointsOf('express_mfa.events');
    const counted = (event: string) => events.filter(({ attributes }) => attributes['event'] === event);
    expect(counted('authenticator-enrolled')[0]?.attributes).to.include({ kind: 'totp' });
    expect(counted('verification-accepted')[0]).to.deep.include({ value: 1 });
    expect(counted('verification-refused')[0]?.attributes).to.include({
      kind: 'totp',
      outcome: 'refused',
      reason: 'session.mfa.invalid_totp_code',
    });
    const durations = await pointsOf('express_mfa.store.duration');
    const operations = new Set(durations.map(({ attributes }) => attributes['operation']));
    expect([...operations]).to.include.members(['load', 'save']);
    const told = JSON.stringify([events, durations]);
    expect(told).not.to.match(/ada-lovelace|127\.0\.0\.1|Nosy/);
  });

  it('counts as many as were told at once', async () => {
    const listen = openTelemetry();
    listen({ name: 'verification-required', at: '2026-11-29T00:00:00.000Z', actor: 'user', detail: { count: 41 } });
    listen({ name: 'verification-required', at: '2026-11-29T00:00:00.000Z', actor: 'user' });
    expect((await pointsOf('express_mfa.events'))[0]?.value).to.equal(42);
  });

  it('tells a trip that failed, and throws what the store threw', async () => {
    const failing = Object.assign(memoryStore(), { load: () => Promise.reject(new Error('gone')) });
    const store = openTelemetry().store(failing);
    await store.load('ada').then(
      () => expect.fail('answered'),
      (error: unknown) => expect((error as Error).message).to.equal('gone'),
    );
    expect((await pointsOf('express_mfa.store.duration'))[0]?.attributes).to.include({
      operation: 'load',
      outcome: 'failed',
    });
  });
});

storeContract('openTelemetry().store', async () => {
  let nowMs = 1_700_000_000_000;
  const store = openTelemetry().store(memoryStore({ clock: { now: () => nowMs } }));
  return { store, close: async () => undefined, advance: (seconds) => void (nowMs += seconds * 1000) };
});
