import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormatsModule, { type FormatsPlugin } from 'ajv-formats';
import type { Answer } from './api-answers.js';

interface DocumentedResponse {
  readonly headers: Readonly<Record<string, { readonly $ref: string }>>;
  readonly content?: Readonly<Record<string, { readonly examples?: Readonly<Record<string, object>> }>>;
}

export interface ServedDocument {
  readonly info: { readonly version: string };
  readonly servers: Servers;
  readonly paths: Readonly<Record<string, Record<string, DocumentedOperation>>>;
  readonly components: { readonly headers: Readonly<Record<string, { readonly required?: boolean }>> };
}

type Servers = readonly [{ readonly url: string }, ...{ readonly url: string }[]];

interface DocumentedOperation {
  readonly operationId: string;
  /** Only where the certificate is not that of a system. */
  readonly security?: readonly object[];
  readonly responses: Record<string, DocumentedResponse>;
  /** Of a call that stands beside the interface. */
  readonly servers?: Servers;
}

/** Holds answers of a running gateway against the OpenAPI document that it serves. */
export class Documented {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true, logger: false });
  private readonly seen = new Set<string>();

  constructor(private readonly document: ServedDocument) {
    (addFormatsModule as unknown as FormatsPlugin)(this.ajv, ['date', 'date-time', 'uri']);
    this.ajv.addSchema(document, 'served');
  }

  /** Operations that gave a documented answer of this status so far. */
  answered(status: number): string[] {
    return [...this.seen].filter((one) => one.endsWith(` ${status}`)).map((one) => one.split(' ')[0] ?? '');
  }

  /** What of this answer is not in the document: status, headers, media type, body, code; empty when all of it is. */
  problems(operationId: string, answer: Answer): string[] {
    const { pointer, responses } = this.operation(operationId);
    const response = responses[String(answer.status)];
    if (!response) return [`${operationId} does not document ${answer.status}`];
    this.seen.add(`${operationId} ${answer.status}`);
    const absent = Object.entries(response.headers).filter(
      ([name, { $ref }]) => answer.headers[name.toLowerCase()] === undefined && this.header($ref).required === true,
    );
    const missing = absent.map(([name]) => `${operationId} ${answer.status} came without ${name}`);
    if (!response.content) return answer.body === '' ? missing : [`${operationId} ${answer.status} came with a body`];
    const mediaType = answer.headers['content-type']?.split(';')[0] ?? '';
    const content = response.content[mediaType];
    if (!content) return [`${operationId} ${answer.status} does not document ${mediaType}`];
    // A report to print or to look at in a table.
    if (!mediaType.endsWith('json')) return missing;
    const body = JSON.parse(answer.body) as { code?: string };
    const schema = `served#${pointer}/responses/${answer.status}/content/${mediaType.replaceAll('/', '~1')}/schema`;
    if (!this.ajv.validate(schema, body)) {
      return (this.ajv.errors ?? []).map((error) => `${operationId} ${error.instancePath} ${error.message}`);
    }
    const unknown = answer.status >= 400 && !Object.keys(content.examples ?? {}).includes(body.code ?? '');
    return [...missing, ...(unknown ? [`${operationId} does not document ${body.code}`] : [])];
  }

  private header(reference: string): { readonly required?: boolean } {
    return this.document.components.headers[reference.split('/').at(-1) ?? ''] ?? { required: true };
  }

  private operation(operationId: string) {
    for (const [path, item] of Object.entries(this.document.paths)) {
      for (const [method, operation] of Object.entries(item)) {
        const pointer = `/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${method}`;
        if (operation.operationId === operationId) return { pointer: encodeURI(pointer), ...operation };
      }
    }
    throw new Error(`no operation ${operationId}`);
  }
}
