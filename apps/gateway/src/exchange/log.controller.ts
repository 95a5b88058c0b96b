import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { AccessLog } from '../access-log/log/access-log.js';
import { MAX_COSIGNED_BYTES } from '../access-log/log/take-cosignatures.js';
import { GatewayError } from '../errors.js';
import { header } from '../http/agency-server.js';

const MEDIA_TYPE = 'text/plain';
/** A witness cosigns about once in some seconds; each costs a few signature checks. */
const COSIGNATURES_A_MINUTE = 120;

/** What an agency's own witness says of the log. No personal data is touched, so there is no access record. */
@Controller('v1/log')
export class LogController {
  constructor(@Inject(AccessLog) private readonly accessLog: AccessLog) {}

  @Post('cosignatures')
  @RouteConfig({ rateLimit: { max: COSIGNATURES_A_MINUTE, timeWindow: '1 minute' } })
  @HttpCode(204)
  async cosign(@Req() request: FastifyRequest): Promise<void> {
    const mediaType = header(request, 'content-type')?.split(';')[0]?.trim().toLowerCase();
    if (mediaType !== MEDIA_TYPE || !Buffer.isBuffer(request.body)) {
      throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', `this call takes ${MEDIA_TYPE}`);
    }
    if (request.body.length > MAX_COSIGNED_BYTES) {
      throw new GatewayError('BODY_TOO_LARGE', `a cosigned checkpoint is at most ${MAX_COSIGNED_BYTES} bytes`);
    }
    await this.accessLog.takeCosignatures(request.peer.oin, request.body);
  }
}
