/**
 * How built programs are started. The limit of the heap is far above what the bounded queues can fill; without one V8
 * reckons with all memory of the machine and lets garbage grow to several times what is in use before it collects. Half
 * of it would save 15 MB and collect twice as often. New objects get a space that a processor's cache about holds: what
 * Node 24 takes by itself is 80 MB more and no quicker. And the heap may grow by 70 % before all of it is collected,
 * which takes both cores for a tenth of a second and happened every few seconds before. With 100 % it would be rarer by a
 * third and take 20 MB more.
 */
export const NODE_FLAGS: readonly string[] = [
  '--max-old-space-size=1024',
  '--max-semi-space-size=16',
  '--heap-growing-percent=70',
  '--enable-source-maps',
];

/**
 * For what is measured at its limit. Node's own code on pages of 2 MB: a message runs through much of it, and where it
 * lies costs an eighth of the gateway's CPU. It takes 8 to 16 MB more in each process and a tenth of a second at the
 * start, which the many small processes of a demo are better without. Where the system gives no such pages nothing changes.
 */
export const BUSY_NODE_FLAGS: readonly string[] = [...NODE_FLAGS, '--use-largepages=silent'];
