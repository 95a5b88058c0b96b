import { describe, expect, it } from '@jest/globals';
import type { PlainRecord } from '../search/plain-record.js';
import { decisionEntry } from './adl.js';
import { auditLine } from './bio2.js';
import { processingSpans } from './ldv.js';
import { logsRequest, tracesRequest } from './otlp.js';

const AT = '2026-11-22T10:11:12.345Z';
const EMPLOYEE = 'medewerker-7';
const OFFICER_CERTIFICATE = 'b'.repeat(64);

const read: PlainRecord = {
  version: 1,
  id: '018f3a5c-7e00-7000-8000-000000000001',
  at: AT,
  kind: 'DELIVERY',
  action: 'content.read',
  peer: { oin: '00000099000000000101', kind: 'MUNICIPALITY', thumbprint: 'a'.repeat(64) },
  userReference: EMPLOYEE,
  purpose: 'P03',
  legalBases: ['LB2'],
  processingActivity: 'https://ketenpoort.example/verwerkingen/dossier',
  caseId: '0f8fad5b-d9cb-469f-a165-70867728950e',
  subjects: [{ id: 'sealed-1' }],
  contract: { id: 'M08', version: 1 },
  decision: { outcome: 'permit', policyVersion: '2026.1', role: 'MC', reasons: ['P03 is the purpose of the message'] },
  fieldGroups: { released: ['FG01', 'FG02'], withheld: ['FG16'] },
  messageId: '018f3a5c-7e00-7000-8000-000000000002',
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  parentSpanId: '00f067aa0ba902b7',
};
const denied: PlainRecord = {
  ...read,
  kind: 'REFUSAL',
  decision: { outcome: 'refuse', code: 'PURPOSE_NOT_ALLOWED', reasons: ['P05 does not follow from P03'] },
};

describe('Logboek Dataverwerkingen (C27)', () => {
  it('C28 has one span for one data subject, in the trace of the caller, with the activity and no plain person', () => {
    expect(processingSpans(read)).toEqual([
      {
        traceId: read.traceId,
        spanId: read.spanId,
        parentSpanId: read.parentSpanId,
        status: 'Ok',
        name: 'content.read',
        startTime: Date.parse(AT),
        endTime: Date.parse(AT),
        resource: { attributes: { 'service.name': 'ketenpoort' } },
        attributes: {
          'dpl.core.processing_activity_id': read.processingActivity,
          'dpl.core.data_subject_id': 'sealed-1',
          'dpl.core.data_subject_id_type': 'https://ketenpoort.example/begrippen/betrokkene-code',
          'dpl.core.foreign_operation.processor': 'urn:nld:oin:00000099000000000101',
          'ketenpoort.access_record': read.id,
          'ketenpoort.field_groups': 'FG01,FG02',
        },
      },
    ]);
  });

  it('has a child span for each of several data subjects, the same ones each time', () => {
    const several = { ...read, subjects: [{ id: 'sealed-1' }, { id: 'sealed-2' }, { id: 'sealed-3' }] };
    const [parent, ...children] = processingSpans(several);
    expect(parent?.attributes).not.toHaveProperty('dpl.core.data_subject_id');
    expect(children.map((one) => one.attributes['dpl.core.data_subject_id'])).toEqual([
      'sealed-1',
      'sealed-2',
      'sealed-3',
    ]);
    expect(children.every((one) => one.parentSpanId === parent?.spanId && one.traceId === parent?.traceId)).toBe(true);
    expect(new Set([parent, ...children].map((one) => one?.spanId)).size).toBe(4);
    expect(processingSpans(several)).toEqual([parent, ...children]);
  });

  it('says nothing of an action that concerns nobody', () => {
    const { processingActivity: _none, ...rest } = read;
    expect(processingSpans({ ...rest, action: 'inbox.read', subjects: [] })).toEqual([]);
  });

  it('C29 calls a refusal Unset and our own fault Error', () => {
    expect(processingSpans(denied)[0]?.status).toBe('Unset');
    const fault = { ...denied, decision: { ...denied.decision, code: 'INTERNAL' } };
    expect(processingSpans(fault)[0]?.status).toBe('Error');
  });

  it('holds no employee: neither user reference nor the certificate of an officer', () => {
    const officer = { ...read, peer: { oin: '00000099000000000302', officer: 'FG', thumbprint: OFFICER_CERTIFICATE } };
    for (const record of [read, officer]) {
      const text = JSON.stringify([processingSpans(record), decisionEntry(record)]);
      expect(text).not.toContain(EMPLOYEE);
      expect(text).not.toContain(OFFICER_CERTIFICATE);
    }
  });
});

describe('Authorization Decision Log (C30)', () => {
  it('C29 has one entry for a permit and one for a denial, which is no error', () => {
    expect(decisionEntry(read)).toMatchObject({
      trace_id: read.traceId,
      span_id: read.spanId,
      parent_span_id: read.parentSpanId,
      event_name: 'adl.access_evaluation',
      timestamp: Date.parse(AT),
      status: 'Ok',
      body: {
        'adl.core.response': { decision: true },
        'adl.core.policies': [{ id: 'ketenpoort', version: '2026.1' }],
        'adl.core.request': {
          subject: { type: 'organisation', id: '00000099000000000101' },
          action: { name: 'content.read', properties: { purpose: 'P03', role: 'MC' } },
          resource: { type: 'message', id: read.messageId },
        },
      },
    });
    expect(decisionEntry(denied)).toMatchObject({
      status: 'Ok',
      body: { 'adl.core.response': { decision: false, context: { code: 'PURPOSE_NOT_ALLOWED' } } },
    });
    expect(JSON.stringify(decisionEntry(read))).not.toContain('adl.fsc.transaction_id');
  });

  it('has none where nothing was asked of the policy', () => {
    expect(decisionEntry({ ...denied, action: 'connection.open' })).toBeNull();
    expect(decisionEntry({ ...read, kind: 'ERASURE', action: 'record.erase' })).toBeNull();
  });

  it('calls a search a search', () => {
    expect(decisionEntry({ ...read, action: 'cases.search' })?.event_name).toBe('adl.search_resource');
  });
});

describe('BIO2 8.15.01 (C32)', () => {
  it('says who did what to what, when, from where, and how it ended', () => {
    expect(auditLine(read)).toEqual({
      timestamp: AT,
      actor: { organisation: '00000099000000000101', person: EMPLOYEE },
      action: 'content.read',
      object: `case:${read.caseId} message:${read.messageId} contract:M08`,
      result: 'permit',
      origin: `certificate:${'a'.repeat(64)}`,
      record: read.id,
    });
    expect(auditLine(denied).result).toBe('refuse:PURPOSE_NOT_ALLOWED');
  });

  it('names the address of a connection that was refused before anyone was known', () => {
    const { peer: _none, userReference: _nobody, ...rest } = denied;
    const line = auditLine({ ...rest, action: 'connection.open', handshake: { address: '192.0.2.7', count: 3 } });
    expect(line).toMatchObject({ actor: { organisation: null, person: null }, origin: 'address:192.0.2.7' });
  });
});

describe('OTLP', () => {
  it('carries spans with hex ids, nanoseconds as text and numeric status', () => {
    expect(tracesRequest(processingSpans(read))).toMatchObject({
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'ketenpoort' } }] },
          scopeSpans: [
            {
              spans: [
                {
                  traceId: read.traceId,
                  spanId: read.spanId,
                  startTimeUnixNano: `${Date.parse(AT)}000000`,
                  status: { code: 1 },
                },
              ],
            },
          ],
        },
      ],
    });
    expect(tracesRequest([])).toEqual({ resourceSpans: [] });
  });

  it('carries decisions as log records with their event name and a structured body', () => {
    const entry = decisionEntry(denied);
    const text = JSON.stringify(logsRequest(entry ? [entry] : []));
    expect(text).toContain('"eventName":"adl.access_evaluation"');
    expect(text).toContain('{"key":"decision","value":{"boolValue":false}}');
    expect(logsRequest([])).toEqual({ resourceLogs: [] });
  });
});
