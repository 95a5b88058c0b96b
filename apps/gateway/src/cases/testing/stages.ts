import * as payloads from './payloads.js';
import { Scenario, type Settings } from './scenario.js';

/** Cases that have come so far, each by the messages that bring a real one there. */
export const stages = {
  applied(settings: Settings = {}): Scenario {
    const scenario = new Scenario(settings);
    scenario.send(
      'M01',
      'MUNICIPALITY',
      settings.withoutNumber ? payloads.applicationWithoutNumber() : payloads.application(),
    );
    return scenario;
  },

  screening(settings: Settings = {}): Scenario {
    const scenario = stages.applied(settings);
    scenario.send('M02', 'MUNICIPALITY', payloads.checkRequest());
    return scenario;
  },

  /** Every ground is answered NO and the number is known. */
  answered(settings: Settings = {}): Scenario {
    const scenario = stages.screening(settings);
    scenario.send('M03', 'IND', payloads.indAnswer());
    scenario.send('M03', 'COA', payloads.coaAnswer());
    return scenario;
  },

  /** Admitted with a bed: DT&V knows, and the dossier is requested. */
  requested(settings: Settings = {}): Scenario {
    const scenario = stages.answered(settings);
    scenario.send('M04', 'MUNICIPALITY', payloads.admitted({ stay: payloads.stayIn('SHELTER') }));
    return scenario;
  },

  partial(settings: Settings = {}): Scenario {
    const scenario = stages.requested(settings);
    scenario.send('M08', 'IND', payloads.dossierPart(payloads.PART.ind));
    return scenario;
  },

  resting(settings: Settings = {}): Scenario {
    const scenario = stages.partial(settings);
    scenario.send('M09', 'DTV', payloads.dossierPart(payloads.PART.dtv));
    return scenario;
  },

  prepared(settings: Settings = {}): Scenario {
    const scenario = stages.resting(settings);
    scenario.at(scenario.dueAt('TMR-REST') ?? '').fire('TMR-REST');
    return scenario;
  },
};
