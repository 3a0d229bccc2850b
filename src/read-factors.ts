// What the app offers, in order and with its own words; and who says notices by mail. Knows no other option.
import type { Factor } from './core/kernel/factor.js';
import type { Sender } from './core/kernel/ports.js';
import { emailCode } from './factors/email/email-code.js';
import type { CodeFactor } from './factors/one-time-code/code-factor.js';
import type { Templates } from './factors/one-time-code/templates.js';

/** Backup factors last, a pass behind them, whatever the order; with the app's templates where a factor takes them. */
export function readFactors(factors: readonly Factor[], templates: Templates | undefined): Factor[] {
  const withWords = factors.map((factor) =>
    templates && 'withTemplates' in factor ? (factor as CodeFactor).withTemplates(templates) : factor,
  );
  const order = ['primary', 'backup', 'pass'];
  return withWords.sort((a, b) => order.indexOf(a.rank) - order.indexOf(b.rank));
}

/** Says a notice as the e-mail factor would, by another sender: the words are that factor's where it is listed. */
export function readNotices(sender: Sender, factors: readonly Factor[], templates: Templates | undefined): CodeFactor {
  const listed = factors.find((factor): factor is CodeFactor => factor.kind === 'email' && 'withTemplates' in factor);
  const mailer = listed ?? emailCode({ sender });
  return { ...(templates ? mailer.withTemplates(templates) : mailer), sender };
}
