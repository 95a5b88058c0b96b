import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import { isInstant } from '#contracts/date-formats.js';
import { GatewayError } from '../../errors.js';
import { UUID_PATTERN } from '../../http/api-schemas.js';
import { readBody } from '../../http/validate-request.js';
import type { TraceContext } from '../../trace-context.js';
import type { AuditParts } from '../audit-parts.js';
import { assertPrivacyOfficer, type Caller } from '../caller.js';
import { checked, lookUp, type Inquiry, type Looked, type Recorded } from '../look-up.js';
import { controllersOf, type Controller } from './controllers.js';
import {
  endGrant,
  insertConsent,
  insertGrant,
  listGrants,
  openGrants,
  readGrant,
  type GrantRow,
} from './grant-rows.js';
import { concerns, grantView, statusOf, type GrantView } from './grant-view.js';

const UUID = new RegExp(UUID_PATTERN);
const MAX_TERM_MS = 30 * 86_400_000;

interface GrantRequest {
  readonly validUntil: string;
  readonly ground: string;
}

/** Views beyond one's own organisation: asked for by an officer, agreed to by the controllers, ended by any of them. */
export class AccessGrants {
  constructor(private readonly parts: AuditParts) {}

  async list(caller: Caller, trace: TraceContext): Promise<Recorded<{ readonly items: readonly GrantView[] }>> {
    const inquiry: Inquiry = { ...this.inquiry(caller, 'grant.list', trace), kind: 'CONSULTATION' };
    await checked(this.parts, inquiry, () => assertPrivacyOfficer(caller));
    return await lookUp(this.parts, inquiry, async (client) => {
      const controllers = controllersOf(this.parts.peers);
      const all = controllers.some(({ oin }) => oin === caller.oin);
      const rows = await listGrants(client, all ? null : caller.oin);
      const items = rows.map((row) => this.view(row, controllers));
      return { ok: true, answer: { items }, noted: { reasons: [`found:${items.length}`], released: ['FG31'] } };
    });
  }

  /** One at a time: who needs another term or ground ends the first. A controller's own request is its consent. */
  async request(
    caller: Caller,
    trace: TraceContext,
    body: unknown,
    type: string | undefined,
  ): Promise<Recorded<GrantView>> {
    const inquiry = this.inquiry(caller, 'grant.request', trace);
    const now = new Date();
    const asked = await checked(this.parts, inquiry, () => {
      assertPrivacyOfficer(caller);
      return readRequest(readBody<GrantRequest>('grantRequest', body, type), now);
    });
    return await lookUp<GrantView>(this.parts, inquiry, async (client) => {
      if ((await openGrants(client, caller.oin, caller.thumbprint)).length > 0) return alreadyOpen();
      const controllers = controllersOf(this.parts.peers);
      const own = controllers.some(({ oin }) => oin === caller.oin);
      const grant: GrantRow = {
        id: randomUUID(),
        oin: caller.oin,
        person: caller.thumbprint,
        ...asked,
        requestedAt: now,
        endedAt: null,
        consents: own ? [{ oin: caller.oin, at: now.toISOString() }] : [],
      };
      const { id, oin } = grant;
      return {
        ok: true,
        answer: this.view(grant, controllers),
        noted: {
          reasons: [],
          details: { grant: id, ground: asked.ground, validUntil: asked.validUntil.toISOString() },
          recipients: controllers.map((one) => one.oin).filter((one) => one !== oin),
        },
        write: async (recordId) => {
          await insertGrant(client, grant, recordId);
          if (own) await insertConsent(client, { grantId: id, oin, officer: caller.thumbprint, at: now }, recordId);
        },
      };
    });
  }

  /** The consent of the caller's organisation; given twice it is one. */
  async consent(caller: Caller, trace: TraceContext, given: string): Promise<Recorded<GrantView>> {
    return await this.change(caller, trace, 'grant.consent', given, (client, grant, controllers, now) => {
      if (!controllers.some(({ oin }) => oin === caller.oin)) return notAvailable(given, 'no controller');
      if (['ENDED', 'LAPSED'].includes(statusOf(grant, controllers, now))) return over(grant);
      const { id: grantId } = grant;
      const known = grant.consents.some(({ oin }) => oin === caller.oin);
      const { oin, thumbprint: officer } = caller;
      const consents = known ? grant.consents : [...grant.consents, { oin, at: now.toISOString() }];
      return {
        ok: true,
        answer: this.view({ ...grant, consents }, controllers),
        noted: { reasons: known ? ['already given'] : [], details: { grant: grantId }, recipients: [grant.oin] },
        ...(known ? {} : { write: (recordId) => insertConsent(client, { grantId, oin, officer, at: now }, recordId) }),
      };
    });
  }

  /** By who asked, or by any controller: a consent that is taken back ends the view for all. */
  async end(caller: Caller, trace: TraceContext, given: string): Promise<Recorded<GrantView>> {
    return await this.change(caller, trace, 'grant.end', given, (client, grant, controllers, now) => {
      if (['ENDED', 'LAPSED'].includes(statusOf(grant, controllers, now))) return over(grant);
      const told = [grant.oin, ...controllers.map(({ oin }) => oin)].filter((oin) => oin !== caller.oin);
      return {
        ok: true,
        answer: this.view({ ...grant, endedAt: now }, controllers),
        noted: { reasons: [], details: { grant: grant.id }, recipients: [...new Set(told)] },
        write: () => endGrant(client, grant.id, now),
      };
    });
  }

  private async change(
    caller: Caller,
    trace: TraceContext,
    action: string,
    given: string,
    decide: (client: PoolClient, grant: GrantRow, controllers: readonly Controller[], now: Date) => Looked<GrantView>,
  ): Promise<Recorded<GrantView>> {
    const { peers } = this.parts;
    const inquiry = this.inquiry(caller, action, trace);
    await checked(this.parts, inquiry, () => {
      assertPrivacyOfficer(caller);
      if (!UUID.test(given)) throw unavailable('the id is malformed');
    });
    return await lookUp(this.parts, inquiry, async (client) => {
      const grant = await readGrant(client, given);
      const controllers = controllersOf(peers);
      if (!grant) return notAvailable(given, 'no such grant');
      if (!concerns(grant, caller.oin, controllers)) return notAvailable(given, 'not in sight');
      return decide(client, grant, controllers, new Date());
    });
  }

  private view(grant: GrantRow, controllers: readonly Controller[]): GrantView {
    return grantView(grant, controllers, this.parts.peers, new Date());
  }

  private inquiry(caller: Caller, action: string, trace: TraceContext): Inquiry {
    return { caller, kind: 'ADMIN', action, trace, policy: this.parts.policy };
  }
}

/** @throws GatewayError `SCHEMA_INVALID`: an instant, in the future, at most thirty days away */
function readRequest({ validUntil, ground }: GrantRequest, now: Date): { validUntil: Date; ground: string } {
  const until = isInstant(validUntil) ? new Date(validUntil) : null;
  const termMs = until ? until.getTime() - now.getTime() : 0;
  if (until && termMs > 0 && termMs <= MAX_TERM_MS) return { validUntil: until, ground };
  const issues = [{ pointer: '/validUntil', rule: 'term', detail: 'must be an instant within the next thirty days' }];
  throw new GatewayError('SCHEMA_INVALID', 'the request does not meet its schema', { issues });
}

function unavailable(reason: string): GatewayError {
  return new GatewayError('GRANT_NOT_AVAILABLE', 'not available', { reason });
}

function notAvailable(id: string, reason: string): Looked<never> {
  return { ok: false, error: unavailable(reason), noted: { reasons: [], details: { grant: id } } };
}

function over({ id }: GrantRow): Looked<never> {
  const error = new GatewayError('GRANT_OVER', 'the grant was ended, or its time is over');
  return { ok: false, error, noted: { reasons: [], details: { grant: id } } };
}

function alreadyOpen(): Looked<never> {
  return {
    ok: false,
    error: new GatewayError('GRANT_ALREADY_OPEN', 'this officer has a request or view that is not over'),
  };
}
