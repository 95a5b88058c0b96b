import { parentPort, workerData } from 'node:worker_threads';
import { ChunkCheck, type ChunkJob } from './chunk-check.js';
import { FolderSource } from './log-source.js';

/** Runs in a thread of its own: takes one chunk after the other and answers with what it found. */
const source = new FolderSource(workerData as string);
parentPort?.on('message', (job: ChunkJob) => {
  new ChunkCheck(source, job).run().then(
    (result) => parentPort?.postMessage({ result }),
    (error: unknown) => parentPort?.postMessage({ failure: error instanceof Error ? error.message : 'unknown cause' }),
  );
});
