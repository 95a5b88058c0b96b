import type { BenchContext } from './context.js';
import { type LoadLine, loadLine } from './result.js';
import { type LoadOptions, measureTarget, type Target, type TargetRun, warmUp } from './target.js';

/**
 * All targets warm, then one after another, and that as often as there are runs: what else the machine does hits ours and the
 * rivals alike. The order turns round each run, so that nobody is always the first and neighbours stay neighbours.
 */
export async function inTurn(
  context: BenchContext,
  targets: readonly Target[],
  load: Partial<LoadOptions> = {},
): Promise<readonly LoadLine[]> {
  const { options, generator, say } = context;
  for (const target of targets) await warmUp(generator, target, { ...options, ...load });
  const runs = new Map<Target, TargetRun[]>(targets.map((target) => [target, []]));
  for (let run = 0; run < options.runs; run += 1) {
    for (const target of run % 2 === 0 ? targets : targets.toReversed()) {
      const result = await measureTarget(generator, target, { ...options, ...load });
      runs.get(target)?.push(result);
      const { saturationPerSecond, half } = result;
      const cost = Object.entries(result.cpuPer1000).map(([role, seconds]) => `${role} ${seconds.toFixed(2)}`);
      say(
        `run ${run + 1}: ${target.name}: ${saturationPerSecond.toFixed(0)}/s; at half p50 ${half.p50Ms.toFixed(1)}, ` +
          `p99 ${half.p99Ms.toFixed(1)} ms; CPU s per 1,000: ${cost.join(', ')}`,
      );
    }
  }
  return targets.map((target) => loadLine(target.name, runs.get(target) ?? []));
}
