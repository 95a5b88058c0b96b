import type { Rule } from './architecture-rules.js';
import type { SourceFile } from './source-tree.js';

const ROOT = 'apps/gateway/src/';
const roomOf = (path: string): string | undefined => /^apps\/gateway\/src\/([^/]+)\//.exec(path)?.[1];
const isSpec = (path: string): boolean => path.endsWith('.spec.ts') || path.includes('/testing/');

interface Room {
  /** Siblings that it may import. What lies beside the rooms (errors, clock, config) is open to all. */
  readonly calls: readonly string[];
  readonly why: string;
}

/** The rooms of the gateway. A new one has to be entered here, with what it may know. */
const ROOMS: Readonly<Record<string, Room>> = {
  exchange: {
    calls: ['access-log', 'cases', 'delivery', 'http', 'metrics', 'peers', 'policy', 'storage', 'tracing'],
    why: 'the spine: the one place where peers, policy, process, log and delivery meet',
  },
  cases: {
    calls: [],
    why: 'the case process is pure: it can be read, and tested, without anything that stores or serves',
  },
  policy: { calls: ['cases'], why: 'pure as well; it reads of a case whether a purpose has ended, and nothing else' },
  peers: { calls: ['metrics'], why: 'who is calling is settled before anything else is known' },
  'access-log': {
    calls: ['metrics', 'peers', 'storage'],
    why: 'a record knows who, what and why, and not how the decision was made; the log of records knows even less',
  },
  audit: {
    calls: ['access-log', 'cases', 'http', 'metrics', 'peers', 'policy', 'storage'],
    why: 'what officers ask of the log: it reads what was recorded and takes no part in the exchange',
  },
  retention: {
    calls: ['access-log', 'policy', 'storage'],
    why: 'a process of its own with a role of its own: it removes what has expired and records that it did',
  },
  delivery: {
    calls: ['access-log', 'metrics', 'peers', 'storage', 'tracing'],
    why: 'it carries what was decided; it knows no content and no case',
  },
  storage: {
    calls: ['cases'],
    why: 'it keeps rows for others and decides nothing; the register is read in the words of the process',
  },
  http: {
    calls: ['metrics', 'peers', 'tracing'],
    why: 'the edge: it knows who calls and how an answer looks, not what is exchanged',
  },
  public: { calls: ['http'], why: 'documents of the interface, without a peer, a case or a database' },
  metrics: { calls: [], why: 'whoever counts calls it; it knows nobody, so that counting changes nothing' },
  tracing: { calls: [], why: 'the steps of a request tell it that they are over; it knows nobody either' },
  workers: { calls: ['peers'], why: 'several processes on one port: it knows how to keep them, not what they do' },
  'error-catalogue': { calls: [], why: 'words and next steps only' },
};

const imports = (sources: readonly SourceFile[]) =>
  sources
    .filter(({ path }) => roomOf(path) !== undefined && !isSpec(path))
    .flatMap((source) => source.imports.filter((one) => one.own).map((one) => ({ from: source.path, to: one.to })));

/** Tables by the room whose words they hold. `storage` makes them all and may touch all. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  storage: [
    'peer',
    'peer_certificate',
    'officer',
    'pilot',
    'pilot_capacity',
    'covenant',
    'local_policy',
    'route_basis',
  ],
  exchange: ['message_key', 'message', 'content', 'person', 'lvv_case', 'case_number', 'stay', 'timer', 'case_event'],
  delivery: ['delivery', 'recipient_counter', 'publish_position'],
  'access-log': [
    'access_record',
    'access_record_subject',
    'pending_leaf',
    'leaf',
    'tile',
    'tree_head',
    'checkpoint',
    'witness',
    'cosignature',
    'log_alarm',
    'export_cursor',
    'policy_version',
  ],
  retention: ['retention_hold'],
  audit: [
    'data_subject_report',
    'data_subject_report_part',
    'data_subject_report_step',
    'data_subject_report_withheld',
    'access_grant',
    'access_grant_consent',
  ],
};

const CASE_TABLES = ['lvv_case', 'case_event', 'stay', 'timer', 'person'];
/** Known ways across, each with its reason. */
const ALLOWED: Readonly<Record<string, { readonly tables: readonly string[]; readonly why: string }>> = {
  'exchange/accept/write-message-parts.ts': {
    tables: ['delivery', 'recipient_counter'],
    why: 'one statement writes the whole batch',
  },
  'exchange/acknowledge.ts': { tables: ['delivery'], why: 'taken and failed are one commit with their record' },
  'exchange/disclose/content-rows.ts': { tables: ['delivery'], why: 'no delivery, no content: one read settles both' },
  'exchange/grants/grant-rows.ts': {
    tables: ['access_grant'],
    why: 'the municipality of a case gives MRT members access, and each decision asks for it; officers see all grants',
  },
  'exchange/message-status.ts': {
    tables: ['delivery', 'peer'],
    why: 'the sender sees how far each named recipient is',
  },
  'exchange/timer-loop.ts': { tables: ['delivery'], why: 'the alarm asks whether DT&V has its notification' },
  'audit/views/recorded-leaves.ts': {
    tables: ['leaf', 'access_record'],
    why: 'the standard views are the records, read in the order of the log',
  },
  'audit/views/export-cursor.ts': { tables: ['export_cursor'], why: 'how far an export of the views has come' },
  'audit/search/search-rows.ts': {
    tables: ['access_record', 'access_record_subject'],
    why: 'a question of an officer is one statement, with what the officer may see as a part of it',
  },
  'audit/search/entry-row.ts': {
    tables: ['access_record', 'access_record_subject', 'leaf'],
    why: 'the same for one record, with its leaf: two statements took a third longer than one',
  },
  'audit/search/subject-keys.ts': {
    tables: ['person', 'lvv_case'],
    why: 'the cases of a person: a refusal can know the case alone',
  },
  'audit/report/access-request.ts': {
    tables: ['message', 'lvv_case', 'person', 'content', 'delivery'],
    why: 'the request itself (M37), its case, and whether this organisation sent or received it',
  },
  'audit/report/person-records.ts': {
    tables: ['access_record', 'access_record_subject'],
    why: 'the records of one person, page by page',
  },
  'audit/report/surroundings.ts': { tables: ['lvv_case'], why: 'who is party of the cases of a person' },
  'audit/report/report-rows.ts': { tables: ['lvv_case', 'person'], why: 'a report is read with its case and person' },
  'audit/report/write-proofs.ts': { tables: ['access_record'], why: 'record and salt, where they may go along' },
  'delivery/backlog.ts': { tables: ['peer'], why: 'the figures of each recipient say what kind of organisation it is' },
  'delivery/inbox.ts': { tables: ['message'], why: 'the inbox names the exact contract, which only the message knows' },
  'delivery/demo-faults.ts': { tables: ['message'], why: 'a fault of the demo picks a notification to DT&V' },
  'delivery/redrive.ts': {
    tables: ['message', 'lvv_case'],
    why: 'the operator sees the contract; the case lock keeps order',
  },
  'retention/expired-records.ts': {
    tables: ['access_record', 'access_record_subject', 'leaf'],
    why: 'removing what has expired is what this room is for; the log says by which leaf',
  },
  'retention/expired-contents.ts': {
    tables: ['content', 'message', 'delivery', 'leaf'],
    why: 'content that every recipient is done with goes, and its deliveries become tombstones',
  },
  'retention/expired-cases.ts': {
    tables: [...CASE_TABLES, 'message', 'leaf', 'content', 'delivery', 'data_subject_report', 'access_grant'],
    why: 'with a case goes all that hangs on it, in one transaction',
  },
  'retention/held.ts': { tables: ['message'], why: 'a request of the resident holds the case' },
  'retention/read-erasures.ts': { tables: ['access_record'], why: 'what was erased stands in the log itself' },
  'retention/check-erasures.ts': { tables: ['access_record', 'leaf'], why: 'whether it is still gone' },
  'retention/replay-erasures.ts': {
    tables: ['leaf', 'access_record', 'message', 'content', 'case_event', 'lvv_case'],
    why: 'after a restore the same goes again, found by its leaves',
  },
};

function tablesIn(source: SourceFile): readonly string[] {
  const named = source.strings.flatMap((text) =>
    [...text.matchAll(/\b(?:FROM|JOIN|INTO|UPDATE|TABLE|TRUNCATE)\s+(?:ONLY\s+)?(?:ketenpoort\.)?([a-z_]+)\b/g)].map(
      (match) => match[1] ?? '',
    ),
  );
  return [...new Set(named)];
}

function strayTables(sources: readonly SourceFile[]): readonly string[] {
  const ownerOf = new Map(Object.entries(OWNERS).flatMap(([room, tables]) => tables.map((table) => [table, room])));
  return sources
    .filter(({ path }) => path.startsWith(ROOT) && !isSpec(path) && roomOf(path) !== 'storage')
    .flatMap((source) => {
      const allowed = ALLOWED[source.path.slice(ROOT.length)]?.tables ?? [];
      const stray = (table: string): boolean =>
        ownerOf.has(table) && ownerOf.get(table) !== roomOf(source.path) && !allowed.includes(table);
      return tablesIn(source)
        .filter(stray)
        .map((table) => `${source.path} touches ${table}`);
    });
}

/** Permissions that nobody uses any more would hide the next one who needs none. */
export function unusedPermissions(sources: readonly SourceFile[]): readonly string[] {
  const used = new Map(sources.map((source) => [source.path, tablesIn(source)]));
  return Object.entries(ALLOWED).flatMap(([path, { tables }]) =>
    tables.filter((table) => !(used.get(ROOT + path) ?? []).includes(table)).map((table) => `${path} ${table}`),
  );
}

export const ROOM_RULES: readonly Rule[] = [
  {
    name: 'every room of the gateway is known here',
    why: 'a room without rules would be imported by all and import all',
    broken: (sources) => [
      ...new Set(sources.flatMap(({ path }) => roomOf(path) ?? []).filter((room) => ROOMS[room] === undefined)),
    ],
    planted: [['apps/gateway/src/billing/a.ts', '']],
  },
  ...Object.entries(ROOMS).map(([room, { calls, why }]): Rule => {
    const may = calls.length === 0 ? 'no sibling' : `only ${calls.join(', ')}`;
    const stray = Object.keys(ROOMS).find((other) => other !== room && !calls.includes(other)) ?? '';
    return {
      name: `${room} imports ${may}`,
      why,
      broken: (sources) =>
        imports(sources)
          .filter(({ from, to }) => {
            const target = roomOf(to);
            return roomOf(from) === room && target !== undefined && target !== room && !calls.includes(target);
          })
          .map(({ from, to }) => `${from} -> ${to}`),
      planted: [[`apps/gateway/src/${room}/a.ts`, `import type { b } from '../${stray}/b.js';`]],
    };
  }),
  {
    name: 'a room never imports the main files',
    why: 'start and main wire the rooms; a room that knows them cannot be used without them',
    broken: (sources) =>
      imports(sources)
        .filter(({ to }) => /^apps\/gateway\/src\/(main|start|start-materials|gateway\.module)\.ts$/.test(to))
        .map(({ from, to }) => `${from} -> ${to}`),
    planted: [['apps/gateway/src/peers/a.ts', `import { startGateway } from '../start.js';`]],
  },
  {
    name: 'only storage and its own room touch a table',
    why: 'a row that two rooms write has two truths; each way across is named here with its reason',
    broken: strayTables,
    planted: [
      ['apps/gateway/src/delivery/a.ts', 'const a = `SELECT x FROM lvv_case WHERE id = ${1}`;'],
      ['apps/gateway/src/exchange/a.ts', "const a = 'INSERT INTO ketenpoort.access_record (id) VALUES (1)';"],
    ],
  },
];
