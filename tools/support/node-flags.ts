/**
 * How built programs are started. The limit of the heap is far above what the bounded queues can fill; without one V8
 * reckons with all memory of the machine and lets garbage grow to several times what is in use before it collects.
 */
export const NODE_FLAGS: readonly string[] = ['--max-old-space-size=512', '--enable-source-maps'];
