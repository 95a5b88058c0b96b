/** Where progress goes; `process.stderr` fits. */
export interface ProgressSink {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface Progress {
  /** Says what is being done now. */
  step(text: string): void;
  /** Ends the line with what came of it. */
  done(text: string): void;
}

/** A log of a pipeline needs to see that something lives, not a line a second. */
const PLAIN_REPEAT_MS = 15_000;
const TTY_REPEAT_MS = 500;

/**
 * One line that says what long work is at and for how long: rewritten in place on a terminal, a plain line for each step
 * (and every 15 s) elsewhere. Call `done` at the end, also on failure, because the line's timer runs until then.
 */
export function startProgress(title: string, sink: ProgressSink = process.stderr): Progress {
  const startedAt = Date.now();
  const tty = sink.isTTY === true;
  let current = '';
  const elapsedSeconds = () => Math.round((Date.now() - startedAt) / 1000);
  const show = () => {
    const line = `${title}${current === '' ? '' : `: ${current}`} (${elapsedSeconds()} s)`;
    sink.write(tty ? `\r\x1b[2K${line}` : `${line}\n`);
  };
  const timer = setInterval(show, tty ? TTY_REPEAT_MS : PLAIN_REPEAT_MS);
  timer.unref();
  return {
    step(text) {
      current = text;
      show();
    },
    done(text) {
      clearInterval(timer);
      sink.write(`${tty ? '\r\x1b[2K' : ''}${title}: ${text} (${elapsedSeconds()} s)\n`);
    },
  };
}
