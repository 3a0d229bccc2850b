// A message that would have been sent, as the outbox shows it.
export type Message = { channel: string; to: string; subject?: string; text: string; sentAtMs: number };
