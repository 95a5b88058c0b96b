import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { header } from '../../http/agency-server.js';
import { PeerRegister } from '../../peers/peer-register.js';
import { callerOf } from '../caller.js';
import { DataSubjectReports, type Asking, type Sent } from './data-subject-reports.js';
import type { Recorded } from './recorded.js';

/** A V-number must not be found by trying. */
const CREATED_A_MINUTE = 30;

/** Reports to residents, for privacy officers. */
@Controller('v1/data-subject-reports')
export class DataSubjectReportsController {
  constructor(
    @Inject(DataSubjectReports) private readonly reports: DataSubjectReports,
    @Inject(PeerRegister) private readonly peers: PeerRegister,
  ) {}

  @Post()
  @RouteConfig({ rateLimit: { max: CREATED_A_MINUTE, timeWindow: '1 minute' } })
  @HttpCode(200)
  async create(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return answered(reply, await this.reports.create(this.asking(request), sentWith(request)));
  }

  @Get()
  async list(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Query() query: unknown) {
    return answered(reply, await this.reports.list(this.asking(request), query));
  }

  @Get(':reportId')
  async read(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('reportId') id: string,
  ) {
    return answered(reply, await this.reports.read(this.asking(request), id));
  }

  @Get(':reportId/document')
  async download(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('reportId') id: string,
    @Query() query: unknown,
  ) {
    const { answer: file, accessRecord } = await this.reports.download(this.asking(request), id, query);
    const stream = this.reports.open(file);
    void reply.header('access-record', accessRecord.id);
    void reply.header('content-disposition', `attachment; filename="${file.fileName}"`);
    await reply.type(file.mediaType).send(stream);
  }

  @Get(':reportId/parts/:oin')
  async readPart(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param() at: { reportId: string; oin: string },
    @Query() query: unknown,
  ) {
    return answered(reply, await this.reports.readPart(this.asking(request), at, query));
  }

  @Post(':reportId/parts/:oin/extension')
  @HttpCode(200)
  async extend(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param() at: { reportId: string; oin: string },
  ) {
    return answered(reply, await this.reports.extend(this.asking(request), at, sentWith(request)));
  }

  @Post(':reportId/parts/:oin/release')
  @HttpCode(200)
  async release(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param() at: { reportId: string; oin: string },
  ) {
    return answered(reply, await this.reports.release(this.asking(request), at, sentWith(request)));
  }

  @Post(':reportId/parts/:oin/refusal')
  @HttpCode(200)
  async refuse(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param() at: { reportId: string; oin: string },
  ) {
    return answered(reply, await this.reports.refuse(this.asking(request), at, sentWith(request)));
  }

  private asking(request: FastifyRequest): Asking {
    return { caller: callerOf(request, this.peers), trace: request.trace };
  }
}

function sentWith(request: FastifyRequest): Sent {
  return { body: request.body, contentType: header(request, 'content-type') };
}

function answered<Answer>(reply: FastifyReply, { answer, accessRecord }: Recorded<Answer>): Answer {
  void reply.header('access-record', accessRecord.id);
  return answer;
}
