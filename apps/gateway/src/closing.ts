/** Undoes one step of the start; run in reverse order when the gateway stops. */
export type Closing = () => Promise<void> | void;
