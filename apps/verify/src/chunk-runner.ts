import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { ChunkCheck, type ChunkJob, type ChunkResult } from './chunk-check.js';
import { SourceError, type FolderSource, type LogSource } from './log-source.js';

/** Runs chunks somewhere; `lanes` of them at the same time. */
export interface ChunkRunner {
  readonly lanes: number;
  run(job: ChunkJob): Promise<ChunkResult>;
  close(): Promise<void>;
}

/** In this thread. More than one lane only helps where reading means waiting. */
export class InlineRunner implements ChunkRunner {
  constructor(
    private readonly source: LogSource,
    readonly lanes = 1,
  ) {}

  run(job: ChunkJob): Promise<ChunkResult> {
    return new ChunkCheck(this.source, job).run();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** In threads of their own, which read the files themselves: only jobs and results go between. */
export class ThreadRunner implements ChunkRunner {
  private readonly idle: Worker[];
  private readonly workers: readonly Worker[];

  constructor(
    { folder }: FolderSource,
    readonly lanes: number,
  ) {
    const script = new URL('./chunk-worker.js', import.meta.url);
    this.workers = Array.from({ length: lanes }, () => new Worker(script, { workerData: folder }));
    this.idle = [...this.workers];
  }

  async run(job: ChunkJob): Promise<ChunkResult> {
    const worker = this.idle.pop();
    if (!worker) throw new Error('more chunks at a time than lanes');
    worker.postMessage(job);
    const [answer] = (await once(worker, 'message')) as [{ result?: ChunkResult; failure?: string }];
    this.idle.push(worker);
    if (!answer.result) throw new SourceError(answer.failure);
    return answer.result;
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}

/** Runs all jobs, as many at a time as there are lanes, and gives their results in the order of the jobs. */
export async function runAll(
  runner: ChunkRunner,
  jobs: readonly ChunkJob[],
  onDone: (job: ChunkJob) => void,
): Promise<ChunkResult[]> {
  const results: ChunkResult[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let position = next++; position < jobs.length; position = next++) {
      const job = jobs[position] as ChunkJob;
      results[position] = await runner.run(job);
      onDone(job);
    }
  };
  await Promise.all(Array.from({ length: runner.lanes }, lane));
  return results;
}
