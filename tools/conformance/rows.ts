/** One testable statement of the conformance table. */
export interface ConformanceRow {
  /** `C01` to `C36`; a test that shows it carries the id in its name. */
  readonly id: string;
  readonly statement: string;
  /** Standards and their rule ids. */
  readonly source: string;
  /** What is done otherwise, and why. With it a row may stand without a test of its own. */
  readonly deviation?: string;
}

export interface Chapter {
  readonly title: string;
  readonly rows: readonly ConformanceRow[];
}

const row = (id: string, statement: string, source: string, deviation?: string): ConformanceRow => ({
  id,
  statement,
  source,
  ...(deviation === undefined ? {} : { deviation }),
});

/** What the gateway claims. C06 to C15 (FSC) are not claimed: not-claimed.ts. */
export const CHAPTERS: readonly Chapter[] = [
  {
    title: 'Connections and identity',
    rows: [
      row(
        'C01',
        'Nobody completes a handshake without a certificate, or with one of another authority.',
        'Digikoppeling TLS001 and TLS002',
      ),
      row(
        'C02',
        'TLS 1.0 and 1.1, and every CBC, DHE and static RSA suite, are refused; TLS 1.3 is chosen where both have it; no early data.',
        'Digikoppeling TLS004 and TLSCIPH001, NCSC TLS 2025-05',
      ),
      row(
        'C03',
        'A revoked or expired client certificate is refused; a stale or absent revocation list is refused or an alarm, as configured.',
        'Digikoppeling PKI002, PKI003 and PKI004',
      ),
      row(
        'C04',
        "The gateway's own key is RSA of 3072 bits or P-256 and better; with a weaker one it does not start.",
        'NCSC TLS 2025-05',
      ),
      row(
        'C05',
        'Who calls is the OIN in the subject of the certificate, letters included; another OIN in the message, or a malformed one, is refused.',
        'Digikoppeling PKI001 and DK-4, OIN-Stelsel',
      ),
    ],
  },
  {
    title: 'The interface',
    rows: [
      row(
        'C16',
        'The OpenAPI document passes the ruleset of the API Design Rules, is served without a certificate and to every origin, and is what the gateway routes.',
        'API Design Rules 2.2: doc-openapi, publish-openapi',
      ),
      row(
        'C17',
        'Every answer, errors included, names its version in `API-Version`.',
        'API Design Rules: version-header',
      ),
      row(
        'C18',
        'Every error is a problem document with status, title and detail, and shows neither the inside of the gateway nor a person.',
        'API Design Rules: problem-details; RFC 9457',
      ),
      row(
        'C19',
        'A body against its schema is a 400 that lists all errors, never a 422; a wrong type is 415, an Accept that cannot be met 406, a wrong method 405 with Allow.',
        'API Design Rules: invalid-input, all-errors, http-methods',
      ),
      row(
        'C20',
        'A trailing slash is a 404 without redirect; no V-number or BSN stands in an address, an access log or a trace.',
        'API Design Rules: no-trailing-slash, no-sensitive-uris',
      ),
      row(
        'C21',
        'All answers carry the security headers; headers that only the inside may set are taken away when they come from outside.',
        'API Design Rules: security-headers, transport',
      ),
      row(
        'C22',
        'A moment may come with any offset and goes out in UTC; a date carries no time.',
        'API Design Rules: date-time; RFC 3339',
      ),
    ],
  },
  {
    title: 'Events',
    rows: [
      row(
        'C23',
        'Each event is a CloudEvent of the Dutch profile: version 1.0, a URN as source, a reverse-DNS type, an id once per source, an RFC 3339 time, short lower-case names, at most 64 KB; no person in attributes, headers or key.',
        'NL GOV profile for CloudEvents 1.1',
      ),
      row(
        'C24',
        'Binary and structured mode read back to the same event; no header is empty or undefined, no record is a tombstone.',
        'CloudEvents Kafka protocol binding',
      ),
      row(
        'C25',
        'A notification is information-poor: personal data are behind `dataref` only, and who fetches them is authorised and recorded.',
        'NL GOV profile for CloudEvents: dataref',
      ),
      row(
        'C26',
        'An event that comes twice has one effect; a record that is sent twice is one record.',
        'NL GOV profile for CloudEvents: id; Authorization Decision Log: ingestion',
      ),
    ],
  },
  {
    title: 'Logging and purpose',
    rows: [
      row(
        'C27',
        'Each processing of a person is one record with trace and span, milliseconds, a processing activity and a subject that is not readable; several persons are child spans; nobody who works somewhere stands in it; nothing is sampled away.',
        'Logboek Dataverwerkingen 0.8',
      ),
      row(
        'C28',
        "An incoming trace keeps its id, the caller's span becomes the parent, and notifications carry it on.",
        'Logboek Dataverwerkingen; W3C Trace Context',
        'No FSC hop lies in between, so there is no `Fsc-Transaction-Id` to fall back on: a call without `traceparent` gets a trace of its own, and the fallback of the standard comes with an inway.',
      ),
      row(
        'C29',
        'A refusal or an empty answer is `Unset`; only a fault of the gateway itself is `Error`.',
        'Logboek Dataverwerkingen; Authorization Decision Log',
      ),
      row(
        'C30',
        'Each decision, permit and deny, is one record with the version of the policy; when the decision or its record fails, nothing is given.',
        'Authorization Decision Log',
        '`adl.fsc.transaction_id` is absent: the standard forbids it where no FSC inway or outway is crossed.',
      ),
      row(
        'C31',
        'A request without a purpose that is registered for this organisation, or with one that does not fit, is refused, and the refusal is recorded.',
        'AVG art. 5(1)(b); AuthZEN NLGov',
      ),
      row(
        'C32',
        'A line of the audit log has action, object, result, origin, actor and moment, and no token, key or password.',
        'BIO2 8.15.01 and 8.15.02',
      ),
      row(
        'C33',
        'A record that was deleted or altered is named by the verifier, and the organisation that it concerns gets an alarm.',
        'BIO2 8.15.05 and 8.15.06',
      ),
      row(
        'C34',
        'Records past their term are removed, and only they; the term is configuration per log, and the removal is a record itself.',
        'Logboek Dataverwerkingen; Authorization Decision Log; AVG art. 5(1)(e)',
      ),
      row(
        'C35',
        'The reading interface asks for one of three keys, shows an officer what he may see, and its use is recorded.',
        'Logboek Dataverwerkingen, extension for reading 0.9',
      ),
      row(
        'C36',
        'Where payloads are signed or encrypted: JAdES with PS256 in one header, JWE with RSA-OAEP and A256GCM, another algorithm is a 400.',
        'API Design Rules: signing, encryption',
        "Neither module is on, and nothing answers to their headers. A sender may sign its event: a detached JWS over the canonical form inside the event (extension `jws`), with the key of its certificate, since a signature over HTTP headers ends where the gateway projects the content for each reader (decision 0013). A signature that does not verify, whatever its algorithm, is a 400. Content is encrypted by TLS on the way and by the gateway's own keys at rest, because the gateway must read it to release no more than the policy allows.",
      ),
    ],
  },
];

export const ROWS: readonly ConformanceRow[] = CHAPTERS.flatMap((chapter) => chapter.rows);
