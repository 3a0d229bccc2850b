// What the contract of a sender sends, to whom it must not be sent, and what its errors may not say.
import { strict as assert } from 'node:assert';
import { inspect } from 'node:util';
import type { MfaError } from '../core/words/errors.js';
import { isMfaError } from '../core/words/errors.js';
import type { Channel, Message } from '../core/kernel/ports.js';

const recipients = { email: 'alice.o+mfa@example.com', sms: '+15550100123' };

export const badRecipients: { [channel in Channel]: string[] } = {
  email: [
    '',
    'alice',
    'alice@',
    '@example.com',
    'alice@example.com\r\nBcc: mallory@example.com',
    'alice@example.com\nBcc: mallory@example.com',
    'alice@example.com\n',
    'alice@example.com,mallory@example.com',
    'alice@example.com;mallory@example.com',
    'alice@example.com mallory@example.com',
    'Alice <alice@example.com>',
    '<alice@example.com>',
    '"alice"@example.com',
    'alice@example.com\u0000',
    'alice@exam\u202eple.com',
    `${'a'.repeat(250)}@example.com`,
  ],
  sms: [
    '',
    '5550100123',
    '+0155501001',
    '+155501',
    '+1555010012345678',
    '+15550100123\r\n',
    '+15550100123\n+15550100124',
    '+15550100123,+15550100124',
    '+1 555 010 0123',
    'alice@example.com',
    '+１５５５０１００１２３',
  ],
};

/** A message with everything in it, to `to` or a good recipient of the channel. */
export function sampleMessage(channel: Channel, over: Partial<Message> = {}): Message {
  return {
    to: recipients[channel],
    usage: 'MfaVerification',
    text: 'Your code for Acme – “día” – is 481516.\nIt counts for 10 minutes.\n\n@acme.example #481516',
    code: '481516',
    locale: 'en',
    expiresInMinutes: 10,
    appName: 'Acme',
    ip: '203.0.113.9',
    ...(channel === 'email' ? { subject: 'Your code: 481516', html: '<p>Your code is <b>481516</b>. ¿Sí?</p>' } : {}),
    ...over,
  };
}

/** The MfaError that `sending` rejects with. */
export async function failure(sending: Promise<void>): Promise<MfaError> {
  try {
    await sending;
  } catch (error) {
    if (isMfaError(error)) return error;
    throw new Error('rejected with something that is no MfaError', { cause: error });
  }
  throw new Error('was sent, but should have failed');
}

/** Fails where `error`, its details, its causes or its stack repeat the code, the text, the address or a secret. */
export function expectDiscretion(error: MfaError, message: Message, secrets: readonly string[] = []): void {
  const everything = inspect(error, { depth: 12, showHidden: true, getters: true, maxStringLength: Infinity });
  for (const word of ['481516', message.to, message.to.replace('+', ''), ...secrets]) {
    if (word !== '') assert.ok(!everything.includes(word), `the error repeats ${JSON.stringify(word)}: ${everything}`);
  }
}
