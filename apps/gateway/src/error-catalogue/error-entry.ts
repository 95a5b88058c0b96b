/** One error that leaves the gateway. `title` is Dutch (agencies read it), `nextStep` says what to do. */
export interface ErrorEntry {
  readonly status: number;
  readonly title: string;
  readonly nextStep: string;
}
