import { closedLoop, openLoop } from './open-loop.js';
import { Shooter } from './shots.js';
import type { GeneratorAnswer, GeneratorOrder } from './generator.js';
import { WholeWay } from './whole-way.js';

/** The generator, in a process of its own so that its CPU time is told apart. Orders come from its parent, one by one. */
let shooter: Shooter | null = null;
let wholeWay: WholeWay | null = null;

async function carryOut(order: GeneratorOrder): Promise<unknown> {
  if (order.kind === 'aim') {
    await shooter?.close();
    shooter = new Shooter(order.shots);
    return null;
  }
  if (order.kind === 'receive') {
    wholeWay = new WholeWay(order.receivers);
    return wholeWay.start();
  }
  if (!shooter) throw new Error('there is nothing to aim at');
  const gun = shooter;
  const before = process.cpuUsage();
  const fire = wholeWay ? wholeWay.through(gun) : async () => (await gun.fire()) !== null;
  const result =
    order.kind === 'open' ? await openLoop({ ...order, fire }) : await closedLoop(order.inFlight, order.seconds, fire);
  const { user, system } = process.cpuUsage(before);
  return { ...result, cpuSeconds: (user + system) / 1e6, sent: gun.sent, wrong: gun.lastWrong };
}

process.on('message', ({ serial, order }: { serial: number; order: GeneratorOrder }) => {
  void carryOut(order)
    .then(
      (result): GeneratorAnswer => ({ serial, ok: true, result }),
      (error: unknown): GeneratorAnswer => ({ serial, ok: false, reason: String(error) }),
    )
    .then((answer) => process.send?.(answer));
});
// The parent is gone: so is the reason to be.
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole group; the parent stops us in its own order.
process.on('SIGINT', () => undefined);
