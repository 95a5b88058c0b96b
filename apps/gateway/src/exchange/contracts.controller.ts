import { Controller, Get, Param } from '@nestjs/common';
import { CONTRACTS } from '#contracts/catalogue.js';
import { contractExamples, contractSchema } from '#contracts/contract-documents.js';
import { GatewayError } from '../errors.js';

/** The catalogue as integrators read it: nothing personal, the same for every peer. */
@Controller('v1/contracts')
export class ContractsController {
  @Get()
  list() {
    const items = CONTRACTS.map(({ id, name, dutch, type, version, kind, senders, purposes, caseId, routes }) => ({
      id,
      name,
      title: dutch,
      type,
      version,
      kind,
      senders,
      purposes,
      caseId,
      recipients: routes.map((route) => ({ kind: route.to, purpose: route.purpose })),
      address: `/v1/contracts/${kebab(name)}/versions/${version}`,
    }));
    return { items };
  }

  @Get(':name/versions/:version')
  one(@Param('name') name: string, @Param('version') version: string) {
    const contract = CONTRACTS.find((one) => kebab(one.name) === name && String(one.version) === version);
    if (!contract) throw new GatewayError('ROUTE_NOT_FOUND', 'no such contract or version');
    return { type: contract.type, dataSchema: contractSchema(contract.id), examples: contractExamples(contract.id) };
  }
}

function kebab(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
}
