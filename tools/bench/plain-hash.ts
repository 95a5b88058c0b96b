import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const HASHES = 2_000_000;

/**
 * SHA-256 of records a second in so many threads that have started: what the cores give at this moment, at the most.
 * @param hashes in all, shared among the threads
 */
export async function plainHashRate(threads: number, hashes = HASHES): Promise<number> {
  const script = new URL('./plain-hash-worker.js', import.meta.url);
  const workers = Array.from({ length: threads }, () => new Worker(script));
  try {
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    const startMs = performance.now();
    await Promise.all(
      workers.map((worker) => {
        worker.postMessage(Math.ceil(hashes / threads));
        return once(worker, 'message');
      }),
    );
    return (hashes / (performance.now() - startMs)) * 1_000;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
