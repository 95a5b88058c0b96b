import { type DynamicModule, Module } from '@nestjs/common';
import { ControlController } from './http/control.controller.js';
import { SystemsController } from './http/systems.controller.js';
import { Hiccups } from './system/hiccups.js';
import { Systems } from './system/systems.js';

@Module({})
export class AgenciesModule {
  static with(systems: Systems, hiccups: Hiccups): DynamicModule {
    return {
      module: AgenciesModule,
      controllers: [ControlController, SystemsController],
      providers: [
        { provide: Systems, useValue: systems },
        { provide: Hiccups, useValue: hiccups },
      ],
    };
  }
}
