/**
 * How built programs are started. The limit of the heap is far above what the bounded queues can fill; without one V8
 * reckons with all memory of the machine and lets garbage grow to several times what is in use before it collects. Half
 * of it would save 15 MB and collect twice as often. New objects get a space that a processor's cache about holds: what
 * Node 24 takes by itself is 80 MB more and no quicker. And the heap may double before all of it is collected, which
 * takes both cores for a tenth of a second: at half of saturation once in half a minute and not every few seconds.
 */
export const NODE_FLAGS: readonly string[] = [
  '--max-old-space-size=1024',
  '--max-semi-space-size=16',
  '--heap-growing-percent=100',
  '--enable-source-maps',
];
