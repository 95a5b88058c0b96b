import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../../apps/gateway/src/config.js';
import type { DemoPki } from '../../pki/demo-pki.js';
import { demoPaths } from '../paths.js';
import { gatewayEnvironment, type GatewayRequest } from './gateway.js';

const pki = {
  caFile: '/p/ca.crt',
  crlFile: '/p/ca.crl',
  officerCaFile: '/p/officers-ca.crt',
  files: (name: string) => ({ certFile: `/p/${name}.crt`, keyFile: `/p/${name}.key` }),
} as DemoPki;
const request: GatewayRequest = {
  paths: demoPaths('/r', null),
  ports: { gateway: { agency: 8443, public: 8444, management: 9464 }, adapters: new Map(), systems: new Map() },
  credentials: {
    pki,
    secrets: { masterKeyFile: '/s/m', indexKeyFile: '/s/i', receiptKeyFile: '/s/r', logKeyFile: '/s/l' },
  },
  databaseUrl: 'postgresql://app:x@127.0.0.1:5432/ketenpoort',
  broker: null,
};

describe('what the demo tells the gateway', () => {
  it('is a configuration that the gateway takes, in demo mode and without Kafka', () => {
    expect(readConfig(gatewayEnvironment(request, {}))).toMatchObject({
      mode: 'demo', url: 'https://localhost:8443', kafka: null, demoFaults: [], caseClockAt: null,
    }); // prettier-ignore
  });

  it('holds the brokers with the certificate of the gateway where there are any', () => {
    const broker = { brokers: ['127.0.0.1:9093'], stop: () => Promise.resolve() };
    expect(readConfig(gatewayEnvironment({ ...request, broker }, {})).kafka).toEqual({
      brokers: ['127.0.0.1:9093'], certFile: '/p/gateway.crt', keyFile: '/p/gateway.key', caFile: '/p/ca.crt',
    }); // prettier-ignore
  });

  it('passes on a fault, a case clock and who watches, and nothing else that could change the demo', () => {
    const outside = {
      DEMO_FAULT: 'drop-one',
      CASE_CLOCK_AT: '2026-03-02T09:00:00Z',
      TRACES_ENDPOINT: 'http://127.0.0.1:4318',
      TRACES_SAMPLE_RATIO: '1',
      DATABASE_URL: 'postgresql://elsewhere/x',
    };
    expect(readConfig(gatewayEnvironment(request, outside))).toMatchObject({
      demoFaults: ['drop-one'], caseClockAt: '2026-03-02T09:00:00Z', databaseUrl: request.databaseUrl,
      traces: { endpoint: 'http://127.0.0.1:4318', sampleRatio: 1 },
    }); // prettier-ignore
  });
});
