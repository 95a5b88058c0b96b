import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { OtlpConfig } from '../../otlp-config.js';
import type { Policy } from '../../policy/policy.js';
import { OtlpExport } from './otlp-export.js';
import { OtlpReceiver } from '#telemetry/otlp-receiver.js';

/** Starts the export where one is configured. An activity that the policy does not know is kept back as confidential. */
export function exportViews(otlp: OtlpConfig | null, pool: Pool, policy: () => Policy, log: Logger): OtlpExport | null {
  if (otlp === null) return null;
  const isConfidential = (activity: string): boolean => policy().activities[activity]?.confidential ?? true;
  return new OtlpExport({ pool, receiver: new OtlpReceiver(otlp), isConfidential, log });
}
