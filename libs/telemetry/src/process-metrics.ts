import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Registry } from './registry.js';

const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;
const LAG_RESOLUTION_MS = 20;

/** What every process of ours says of itself, by the names that dashboards for Node know. */
export function registerProcessMetrics(registry: Registry): void {
  const resident = registry.gauge({ name: 'process_resident_memory_bytes', help: 'Memory in use, RSS.' });
  const heap = registry.gauge({ name: 'nodejs_heap_size_used_bytes', help: 'JavaScript heap in use.' });
  const cpu = registry.gauge({ name: 'process_cpu_seconds', help: 'CPU time since the start, user and system.' });
  const started = registry.gauge({ name: 'process_start_time_seconds', help: 'Start of the process, Unix time.' });
  const lag = registry.gauge({
    name: 'nodejs_eventloop_lag_p99_seconds',
    help: 'How late timers were since the last reading, 99th percentile.',
  });
  const delay = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  delay.enable();
  started.set(Math.round(Date.now() / 1_000 - process.uptime()));
  registry.onRead('process', () => {
    const { rss, heapUsed } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    resident.set(rss);
    heap.set(heapUsed);
    cpu.set((user + system) / MICROSECONDS);
    lag.set(Math.max(0, delay.percentile(99) / NANOSECONDS - LAG_RESOLUTION_MS / 1_000));
    delay.reset();
  });
}
