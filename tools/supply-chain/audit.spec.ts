import { describe, expect, it } from '@jest/globals';
import { judgeAudit } from './audit.js';

const fault = (severity: string) => ({ name: 'left-pad', severity, range: '<1.3.0' });

describe('an audit', () => {
  it.each(['high', 'critical'])('fails on a fault that is %s, and names it', (severity) => {
    expect(judgeAudit({ vulnerabilities: { a: fault(severity), b: fault('low') } })).toEqual({
      kind: 'judged',
      failing: [`left-pad <1.3.0: ${severity}`],
      others: 1,
    });
  });

  it('passes when nothing is known, or nothing that weighs', () => {
    expect(judgeAudit({ vulnerabilities: { a: fault('moderate') } })).toMatchObject({ failing: [], others: 1 });
    expect(judgeAudit({ vulnerabilities: {} })).toEqual({ kind: 'judged', failing: [], others: 0 });
  });

  it.each([404, 405, 501])('cannot be had from a registry that answers %i', (statusCode) => {
    expect(judgeAudit({ statusCode, message: 'x' })).toEqual({ kind: 'no-endpoint', status: statusCode });
  });

  it.each([{ statusCode: 503, message: 'POST https://registry.example/x' }, { message: 'network' }, {}])(
    'has failed when the registry only does not answer: %j',
    (output) => {
      const verdict = judgeAudit(output);
      expect(verdict.kind).toBe('failed');
      expect(JSON.stringify(verdict)).not.toContain('registry.example');
    },
  );
});
