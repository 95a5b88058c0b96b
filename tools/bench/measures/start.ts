import { startBenchGateway } from '../bed/gateway.js';
import { EMPTY, type MeasureRun } from '../context.js';
import { spreadOf } from '../result.js';

/** The gateway alone, on a database that is there: from its process to its first `ready`. */
export const measureStart: MeasureRun = async ({ bed, options, say }) => {
  const database = await bed.database('start');
  const seconds: number[] = [];
  // The first one reads the program from the disk and is thrown away.
  for (let run = 0; run <= options.runs; run += 1) {
    const gateway = await startBenchGateway(bed, database, { workers: 1 });
    await gateway.stop();
    say(`start: ready after ${(gateway.startMs / 1_000).toFixed(2)} s${run === 0 ? ' (not counted)' : ''}`);
    if (run > 0) seconds.push(gateway.startMs / 1_000);
  }
  const value = spreadOf(seconds);
  const figure = { name: 'gateway ready', unit: 's', value };
  return {
    ...EMPTY,
    measure: 'start',
    figures: [figure],
    aims: [{ name: figure.name, value: value.median, unit: 's', atMost: 3 }],
  };
};
