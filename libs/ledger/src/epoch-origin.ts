/** An epoch after the first has its number behind the origin of the log: `log.example`, `log.example/2`. */
export function originOfEpoch(origin: string, epoch: number): string {
  return epoch === 1 ? origin : `${origin}/${epoch}`;
}

const NUMBERED = /^(.+)\/([1-9][0-9]{0,5})$/;

/** Whether `later` is an epoch that came after `origin`, of the same log: a log that shows `origin` again has gone back. */
export function isLaterEpoch(later: string, origin: string): boolean {
  const [, base, number] = NUMBERED.exec(later) ?? [];
  if (base === undefined || Number(number) < 2) return false;
  if (base === origin) return true;
  const [, ownBase, ownNumber] = NUMBERED.exec(origin) ?? [];
  return base === ownBase && Number(number) > Number(ownNumber);
}
