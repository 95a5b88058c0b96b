import { GatewayError } from '../../errors.js';
import { UUID_PATTERN } from '../../http/api-schemas.js';
import { readBody } from '../../http/validate-request.js';
import type { TraceContext } from '../../trace-context.js';
import type { AuditParts } from '../audit-parts.js';
import { assertPrivacyOfficer, type Caller } from '../caller.js';
import { checked, lookUp, lookUpOne, type Inquiry, type Recorded } from '../look-up.js';
import type { InclusionProof } from '../../access-log/log/inclusion-proofs.js';
import { entryProof } from './entry-proof.js';
import { boundQuestion, readQuestion, type SearchBody } from './question.js';
import { readEntry, type Entry } from './read-entry.js';
import { searchEntries, type EntryPage } from './search-entries.js';

const UUID = new RegExp(UUID_PATTERN);

/** What an officer can ask of the log: find records, read one. Each question is a record of its own. */
export class LogSearch {
  constructor(private readonly parts: AuditParts) {}

  async search(caller: Caller, trace: TraceContext, body: unknown, type: string | undefined) {
    const { indexKey } = this.parts;
    const inquiry = this.inquiry(caller, 'log.search', trace);
    const asked = await checked(this.parts, inquiry, () => {
      assertPrivacyOfficer(caller);
      const given = readBody<SearchBody>('logSearch', body, type);
      const scope = { indexKey, thumbprint: caller.thumbprint, question: boundQuestion(given) };
      return { scope, question: readQuestion(given, scope, new Date()) };
    });
    return await lookUp<EntryPage>(this.parts, inquiry, (client) =>
      searchEntries(client, this.parts, inquiry, asked.question, asked.scope),
    );
  }

  async read(caller: Caller, trace: TraceContext, given: string): Promise<Recorded<Entry>> {
    const inquiry = this.inquiry(caller, 'log.read', trace);
    const id = await checked(this.parts, inquiry, () => {
      assertPrivacyOfficer(caller);
      return entryId(given);
    });
    return await lookUpOne(this.parts, inquiry, (client) => readEntry(client, this.parts, inquiry, id));
  }

  /** Open to systems too: an organisation demands the proof of what it was given the digest of. */
  async prove(caller: Caller, trace: TraceContext, given: string): Promise<Recorded<InclusionProof>> {
    const inquiry = this.inquiry(caller, 'log.proof', trace);
    const id = await checked(this.parts, inquiry, () => {
      if (caller.officer !== undefined) assertPrivacyOfficer(caller);
      return entryId(given);
    });
    return await lookUpOne(this.parts, inquiry, (client) => entryProof(client, this.parts, inquiry, id));
  }

  private inquiry(caller: Caller, action: string, trace: TraceContext): Inquiry {
    return { caller, kind: 'CONSULTATION', action, trace, policy: this.parts.policy };
  }
}

/** What is no id gets the answer of an id that does not exist: the form of an address must not be a way to probe. */
function entryId(given: string): string {
  if (UUID.test(given)) return given;
  throw new GatewayError('ENTRY_NOT_AVAILABLE', 'not available', { reason: 'the id is malformed' });
}
