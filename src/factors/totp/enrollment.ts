// Setting up an authenticator app: a new secret is shown until a code proves that the app has it. What was enrolled
// before stays valid until then.
import type { ErrorDetails } from '../../core/words/errors.js';
import type { Begun, EnrollmentVerdict, FactorContext, FactorEnrollment } from '../../core/kernel/factor.js';
import type { Reason } from '../../core/words/outcome.js';
import type { Json } from '../../core/words/json.js';
import type { Authenticator } from '../../core/kernel/record.js';
import { lastStepOf, nextLabel, sealSecret, type TotpData } from './data.js';
import { matchStep } from './match.js';
import { fromBase32, toBase32, type Parameters } from './one-time-password.js';
import type { TotpConfig } from './options.js';
import { otpauthUri } from './otpauth-uri.js';
import { misfit, parseCode, type TypedCode } from './parse-code.js';
import { qrSvg } from './qr.js';
import { wrong } from './verification.js';

const inUse: Reason = 'user.totp_already_in_use';
/** Long enough to install an app first. */
const ttlSeconds = 900;

/** What the page needs: the secret as text, in groups of four and as QR code, and what the app must count with. */
export type ShownSecret = {
  secret: string;
  groups: string[];
  uri: string;
  /** An `<svg>`, to be put into the page as it is. */
  qr: string;
  /** What an app shows beside the app's name, where another entry of this person is named already. */
  label?: string;
  algorithm: string;
  digits: number;
  /** Seconds. */
  period: number;
};

type Pending = Omit<TotpData, 'lastStep'> & { id: string; before: string[] };

export type EnrollmentEvidence = {
  id: string;
  step: number | null;
  data: TotpData;
  before: string[];
  misfit?: ErrorDetails;
};

/** The enrolment half of `totp()`. */
export function totpEnrollment(config: TotpConfig): FactorEnrollment<TypedCode, EnrollmentEvidence> {
  const { algorithm, digits, periodSeconds: period } = config;
  return {
    ceremony: 'kept',
    ttlSeconds,
    limit: config.maxPerPerson,
    ...(config.maxPerPerson > 1 ? { replaceable: true as const } : {}),
    beginsOnPage: true,
    inUse,

    async begin(context, own): Promise<Begun> {
      const secret = toBase32(context.random.bytes(config.secretBytes));
      const before = own.map(({ id }) => id);
      const label = nextLabel(own);
      const numbered = label > 1 ? { label } : {};
      const pending: Pending = { id: context.random.token(), secret, algorithm, digits, period, ...numbered, before };
      return { secret: pending, shown: show(context, secret, config, label) };
    },

    parse: parseCode,

    async weigh(context, _own, { code }, begun): Promise<EnrollmentEvidence> {
      const { id, before, secret: text, ...counting } = begun.secret as Pending;
      const secret = fromBase32(text);
      const parameters: Parameters = { ...counting, periodSeconds: counting.period };
      const step = matchStep(context.sealer, secret, parameters, code, context.now, config);
      const unfit = misfit(code, [counting.digits]);
      const data: TotpData = { ...counting, secret: sealSecret(context, id, secret), lastStep: step ?? -1 };
      return { id, step, data, before, ...(unfit === undefined ? {} : { misfit: unfit }) };
    },

    judge: (_context, own, evidence) => judge(own, evidence, config.maxPerPerson > 1),
  };
}

/** Some apps put a new entry in the place of one of the same name: one that follows another has a name of its own. */
function show(context: FactorContext, secret: string, config: TotpConfig, number: number): ShownSecret & Json {
  const { algorithm, digits, periodSeconds: period } = config;
  const label = number > 1 ? `${context.user.label} (${number})`.trim() : undefined;
  const uri = otpauthUri(secret, context.appName, label ?? context.user.label, config);
  const shown = { secret, groups: secret.match(/.{1,4}/g) ?? [], uri, qr: qrSvg(uri), algorithm, digits, period };
  return label === undefined ? shown : { ...shown, label };
}

/**
 * The confirming code is spent: its step is the last accepted one, or a later one of what was enrolled before.
 * @param isOneOfSeveral what it takes the place of is the person's to say
 */
function judge(
  own: readonly Authenticator[],
  { id, step, data, before, misfit: details }: EnrollmentEvidence,
  isOneOfSeveral: boolean,
): EnrollmentVerdict {
  const ids = own.map((one) => one.id);
  if (ids.length !== before.length || !ids.every((one) => before.includes(one))) {
    return { is: 'wrong', reason: inUse, attempt: false };
  }
  if (details) return { is: 'wrong', reason: 'request.invalid', details, attempt: false };
  if (step === null) return { is: 'wrong', reason: wrong };
  if (isOneOfSeveral) return { is: 'right', id, data: { ...data, lastStep: step } };
  const lastStep = Math.max(step, lastStepOf(own, data.period));
  return { is: 'right', id, data: { ...data, lastStep }, replaces: ids };
}
