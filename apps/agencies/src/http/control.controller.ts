import { BadRequestException, Body, ConflictException, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { createPopulation } from '../population/population.js';
import { RunConflict, type SystemStatus } from '../system/agency-system.js';
import { Systems } from '../system/systems.js';
import { PENDING_WITHIN_MS } from './systems.controller.js';

export interface Progress {
  /** `idle`: no run started; `playing`: work is under way; `waiting`: nothing is due soon. */
  readonly phase: 'idle' | 'playing' | 'waiting';
  readonly pending: number;
  readonly entries: number;
  readonly refused: number;
  readonly lastEntryAt: string | null;
  readonly systems: readonly SystemStatus[];
}

/** What the demo uses to start a run and to see how far it is. */
@Controller()
export class ControlController {
  constructor(@Inject(Systems) private readonly systems: Systems) {}

  /** Lets every system of this process know the people of a run; the municipalities begin. Repeating is harmless. */
  @Post('play')
  @HttpCode(202)
  async play(@Body() body: { residents?: unknown; seed?: unknown }): Promise<{ persons: number }> {
    const residents = Number(body.residents);
    const seed = Number(body.seed);
    let persons: number;
    try {
      persons = createPopulation(residents, seed).length;
    } catch (error) {
      throw new BadRequestException(error instanceof Error ? error.message : 'invalid run');
    }
    // The suppliers first: a question about a person must not reach a system that has not met the run yet.
    const suppliersFirst = [...this.systems.all()].sort((left, right) => Number(left.starts) - Number(right.starts));
    try {
      for (const system of suppliersFirst) await system.play(residents, seed);
    } catch (error) {
      throw error instanceof RunConflict ? new ConflictException(error.message) : error;
    }
    return { persons };
  }

  @Get('progress')
  progress(): Progress {
    const systems = this.systems.all().map((system) => system.status(PENDING_WITHIN_MS));
    const pending = systems.reduce((sum, system) => sum + system.pending, 0);
    const started = this.systems.all().some((system) => system.book().some((entry) => entry.kind === 'play'));
    return {
      phase: !started ? 'idle' : pending > 0 ? 'playing' : 'waiting',
      pending,
      entries: systems.reduce((sum, system) => sum + system.entries, 0),
      refused: systems.reduce((sum, system) => sum + system.refused, 0),
      lastEntryAt:
        systems.map((system) => system.lastEntryAt ?? '').reduce((left, right) => (left > right ? left : right)) ||
        null,
      systems,
    };
  }
}
