// Listeners of the host's, and what the process is told: nothing that they do changes what they hear of. What happened
// is not known here.

/** Runs a listener of the host's: one that throws, rejects or hangs changes nothing. */
export async function runAside(listener: () => void | Promise<void>): Promise<void> {
  try {
    await listener();
  } catch (error) {
    warn(error);
  }
}

const warned = { at: 0, reason: '' };

/** Once a minute and reason at most: a broken audit log must not flood the other one. */
function warn(error: unknown): void {
  const reason = error instanceof Error ? error.message : 'a value that is no Error';
  if (warned.reason === reason && Date.now() - warned.at < 60_000) return;
  Object.assign(warned, { at: Date.now(), reason });
  emitWarning(`A listener of express-mfa failed: ${reason}`);
}

export function emitWarning(message: string): void {
  process.emitWarning(message, { type: 'ExpressMfaWarning' });
}
