import {
  BadRequestException, Body, Controller, Get, HttpCode, Inject, NotFoundException, Param, Post,
  ServiceUnavailableException,
} from '@nestjs/common'; // prettier-ignore
import { contractOfType } from '../messages/contract-of-type.js';
import type { AgencySystem, SystemStatus } from '../system/agency-system.js';
import { Hiccups } from '../system/hiccups.js';
import { Systems } from '../system/systems.js';
import { readCloudEvent } from './cloud-event.js';

/** What is due within this time counts as pending: longer waits are part of the story, not work under way. */
export const PENDING_WITHIN_MS = 60_000;

/** The side of each simulated system that its own adapter and its own staff see, under `/<name>/`. */
@Controller(':system')
export class SystemsController {
  constructor(
    @Inject(Systems) private readonly systems: Systems,
    @Inject(Hiccups) private readonly hiccups: Hiccups,
  ) {}

  /** Webhook of the adapter: 200 only when the message is in the book; the same message again is also 200. */
  @Post('events')
  @HttpCode(200)
  async receive(@Param('system') name: string, @Body() body: unknown): Promise<{ result: 'taken' | 'known' }> {
    const system = this.find(name);
    const message = readCloudEvent(body, contractOfType);
    if (!message) throw new BadRequestException('not a CloudEvent with data of a known contract');
    if (this.hiccups.strikes(name, message.source, message.id)) throw new ServiceUnavailableException('try again');
    return { result: await system.receive(message) };
  }

  @Get('book')
  book(@Param('system') name: string): { name: string; entries: ReturnType<AgencySystem['book']> } {
    return { name, entries: this.find(name).book() };
  }

  @Get('status')
  status(@Param('system') name: string): SystemStatus {
    return this.find(name).status(PENDING_WITHIN_MS);
  }

  private find(name: string): AgencySystem {
    const system = this.systems.find(name);
    if (!system) throw new NotFoundException('no such system in this process');
    return system;
  }
}
