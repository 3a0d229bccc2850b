// What is told to whoever mistyped a command, apart from errors of the work itself.

/** A mistake of whoever typed; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** Whose help would tell. */
  readonly command: string | undefined;

  constructor(message: string, command?: string) {
    super(message);
    this.command = command;
  }
}
