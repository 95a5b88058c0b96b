import {
  application,
  checkRequest,
  coaAnswer,
  decision,
  indAnswer,
  noFile,
  vNumber,
  type Event,
  type Person,
} from './messages.js';
import { PeerClient, type Accepted } from './peer-client.js';
import { peer, type GatewayProcess, type World } from './world.js';

export interface OpenCase {
  readonly caseId: string;
  /** Name of the municipality in the roster. */
  readonly municipality: string;
  readonly person: Person;
}

/** The clients of all peers of a story, made when they are first used, and the steps that most stories begin with. */
export class CaseSteps {
  private readonly clients = new Map<string, PeerClient>();

  constructor(
    private readonly world: World,
    private readonly gateway?: () => GatewayProcess | undefined,
  ) {}

  as(name: string): PeerClient {
    const client = this.clients.get(name) ?? new PeerClient(this.world, name, this.gateway);
    this.clients.set(name, client);
    return client;
  }

  accepted(from: string, message: Event): Promise<Accepted> {
    return this.as(from).accepted(message);
  }

  /** T01 and T02: applied, and the grounds are being checked. */
  async screening(municipality: string, familyName = 'Proefpersoon'): Promise<OpenCase> {
    const person = { vNumber: vNumber(), familyName };
    const pilot = peer(municipality).pilot ?? '';
    const { caseId } = await this.accepted(municipality, application(municipality, pilot, person));
    await this.accepted(municipality, checkRequest(municipality, caseId, person));
    return { caseId, municipality, person };
  }

  /** All grounds answered, by IND and COA. */
  async answered(municipality: string, familyName?: string): Promise<OpenCase> {
    const opened = await this.screening(municipality, familyName);
    await this.answer(opened);
    return opened;
  }

  async answer({ caseId }: OpenCase): Promise<void> {
    await this.accepted('ind', indAnswer(caseId));
    await this.accepted('coa', coaAnswer(caseId));
  }

  /** T04 and T07: admitted, and the dossier is requested. */
  async admitted(municipality: string, familyName?: string): Promise<OpenCase> {
    const opened = await this.answered(municipality, familyName);
    await this.accepted(municipality, decision(municipality, opened.caseId));
    return opened;
  }

  /** T08 or T09: this supplier has nothing on the person, which is an answer too. */
  async part(supplier: 'ind' | 'dtv', { caseId, person }: OpenCase, partId?: string): Promise<Accepted> {
    return this.accepted(supplier, noFile(supplier, caseId, person, partId));
  }

  close(): void {
    for (const client of this.clients.values()) client.close();
  }
}
