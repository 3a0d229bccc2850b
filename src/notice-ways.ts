// By which of its senders an app tells people of changes, and where they may object. Sends nothing.
import type { MfaConfig } from './config.js';
import type { Factor } from './core/kernel/factor.js';
import type { CodeFactor } from './factors/one-time-code/code-factor.js';
import type { NoticeWays } from './notices/tell-person.js';

/** How this app tells people; a mail sender for notices alone comes before that of the factor. */
export function noticeWays({ factors, notify, notices, settings, web }: MfaConfig): NoticeWays {
  const sending = factors.filter(isCodeFactor);
  const [origin] = settings.origins;
  return {
    notify,
    channels: notices ? [notices, ...sending.filter(({ channel }) => channel !== 'email')] : sending,
    objectAt: origin === undefined ? undefined : `${origin}${web.publicBasePath ?? '/mfa'}/object/`,
  };
}

function isCodeFactor(factor: Factor): factor is CodeFactor {
  return factor.channel !== undefined && 'sender' in factor && 'addressOf' in factor;
}
