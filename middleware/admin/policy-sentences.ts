// What is in force, as sentences of the catalogue: which holds, and what stands in its slots. Knows the words' keys, no page.
import { fourEyesByDefault, isAdminAction } from '../../src/core/rules/admin-rights.js';
import { riskLevels, type RiskPlace, type RiskTable } from '../../src/core/kernel/risk.js';
import type { InForce } from '../../src/checks/in-force.js';
import type { AdminPolicyModel, PolicySentence } from '../pages/admin-models.js';
import type { Params, Translate } from '../pages/messages.js';
import { durationIn } from './durations.js';
import { wordOf } from './offered-actions.js';

type Said = { t: Translate; lang: string };

export function sentencesOf(inForce: InForce, said: Said): AdminPolicyModel['sections'] {
  return [
    { section: 'who', sentences: who(inForce) },
    { section: 'methods', sentences: inForce.factors.map((each) => method(each, said)) },
    { section: 'when', sentences: when(inForce, said) },
    { section: 'wrong', sentences: wrong(inForce, said) },
    { section: 'risk', sentences: risk(inForce, said) },
    { section: 'admins', sentences: admins(inForce, said) },
  ];
}

const daySeconds = 86_400;
const say = (key: string, params: Params = {}): PolicySentence => ({ key: `admin.policy.${key}`, params });

function who({ policy, graceUntil, confirmFirstEnrollment, exemption }: InForce): PolicySentence[] {
  const grace = graceUntil === 'by-person' ? [say('who.grace-by-person')] : [];
  const until = typeof graceUntil === 'number' ? [{ ...say('who.grace'), date: graceUntil }] : [];
  const { daysAtOnce, daysInYear } = exemption;
  return [
    say(`who.${policy}`),
    ...grace,
    ...until,
    say(`who.confirm.${confirmFirstEnrollment}`),
    say('who.exempt', { days: daysAtOnce, year: daysInYear }),
  ];
}

function method({ kind, options }: InForce['factors'][number], { t, lang }: Said): PolicySentence {
  const factor = t([`factor.${kind}.name`, 'factor.generic.name']);
  const number = (option: string): number => Number(options[option]);
  const time = (option: string, size = 1): string => durationIn(lang, number(option) * size);
  const name = `method.${kind}`;
  if (kind === 'totp') return say(name, { factor, digits: number('digits'), time: time('period') });
  if (kind === 'email' || kind === 'sms')
    return say('method.sent', {
      factor,
      digits: number('digits'),
      time: time('expiresInSeconds'),
      tries: number('tries'),
    });
  if (kind === 'webauthn')
    return say(options['userVerification'] === 'required' ? name : `${name}.preferred`, {
      factor,
      limit: number('maxAuthenticators'),
    });
  if (kind === 'backup-codes')
    return options['expiresInDays'] === null
      ? say(`${name}.endless`, { factor, number: number('count') })
      : say(name, { factor, number: number('count'), time: time('expiresInDays', daySeconds) });
  if (kind === 'pass') return say(name, { factor, time: time('validMinutes', 60) });
  return say('method.other', { factor });
}

function when(inForce: InForce, { lang }: Said): PolicySentence[] {
  const { elevationMaxAgeSeconds, pendingMaxAgeSeconds, freshSeconds, trustDays } = inForce;
  const time = (seconds: number) => ({ time: durationIn(lang, seconds) });
  return [
    say('when.sign-in', time(elevationMaxAgeSeconds)),
    trustDays === null ? say('when.no-trust') : say('when.trust', time(trustDays * daySeconds)),
    say('when.fresh', time(freshSeconds)),
    say('when.pending', time(pendingMaxAgeSeconds)),
  ];
}

function wrong({ lockout }: InForce, { lang }: Said): PolicySentence[] {
  const { after, firstWaitSeconds, maxWaitSeconds, noticeAfter, closeLaneAfter, disableAfter, selfUnlock } = lockout;
  const [first, most] = [firstWaitSeconds, maxWaitSeconds].map((seconds) => durationIn(lang, seconds));
  return [
    say('wrong.wait', { number: after, first: first ?? '', most: most ?? '' }),
    say('wrong.notice', { number: noticeAfter }),
    say('wrong.lane', { number: closeLaneAfter }),
    say('wrong.disable', { number: disableAfter }),
    say(selfUnlock ? 'wrong.self' : 'wrong.no-self'),
  ];
}

function risk({ risk, holdHours, factors }: InForce, { t, lang }: Said): PolicySentence[] {
  const time = durationIn(lang, holdHours * 3600);
  const held = factors.some(({ rank }) => rank === 'pass') ? [say('risk.after-pass', { time })] : [];
  if (typeof risk === 'string') return [say(`risk.${risk}`), ...held];
  const rows = (Object.keys(risk) as (keyof RiskTable)[]).flatMap((place: RiskPlace) =>
    riskLevels
      .filter((level) => risk[place][level] !== 'allow')
      .map((level) => say(`risk.${place}.${risk[place][level]}`, { level: t(`admin.risk.${level}`), time })),
  );
  return [...rows, ...held];
}

function admins({ administration, audit }: InForce, { t, lang }: Said): PolicySentence[] {
  const { fourEyes, directory, caseSeconds } = administration;
  const names = (fourEyes === 'usual' ? fourEyesByDefault : fourEyes).filter(isAdminAction);
  const words = names.map((action) => t(`admin.action.${wordOf(action)}`));
  const actions = new Intl.ListFormat(lang).format(words);
  return [
    names.length === 0 ? say('admins.none') : say(fourEyes === 'usual' ? 'admins.usual' : 'admins.listed', { actions }),
    say(directory ? 'admins.on-admins' : 'admins.unknown'),
    say('admins.lapse', { time: durationIn(lang, caseSeconds) }),
    audit ? say('admins.log', { time: durationIn(lang, audit.retentionDays * daySeconds) }) : say('admins.no-log'),
    ...(audit?.refuses ? [say('admins.refuses')] : []),
  ];
}
