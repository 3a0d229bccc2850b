// What the options mean together: combinations that cannot work or are not safe are refused at start-up, with the
// sentence that says what to do.
import { firstFactorsOnly } from './upstream/rule.js';
import { MfaError, type ConfigCode } from './core/words/errors.js';
import type { Sender } from './core/kernel/ports.js';
import type { MfaConfig } from './config.js';
import type { MfaOptions } from './options.js';
import { checkPreset } from './presets.js';

/** @throws MfaError `config.*` */
export function checkTogether(config: MfaConfig, options: MfaOptions): void {
  checkFactors(config, options);
  checkStore(config);
  checkSenders(config);
  checkNotices(config);
  checkHelp(config);
  checkOrigins(config);
  checkRisk(options);
  checkUpstream(options);
  checkPreset(config);
  const production = config.environment === 'production';
  for (const factor of config.factors) factor.check?.({ production, origins: config.settings.origins });
}

function refuse(code: ConfigCode, message: string): never {
  throw new MfaError(code, message);
}

function checkFactors({ factors }: MfaConfig, { signInMethods = [], passwordResetMethods = [] }: MfaOptions): void {
  const kinds = factors.map(({ kind }) => kind);
  const twice = kinds.find((kind, index) => kinds.indexOf(kind) !== index);
  if (twice !== undefined) {
    refuse('config.duplicated_factors', `\`factors\` lists "${twice}" twice. List each factor once.`);
  }
  if (factors.every(({ rank }) => rank !== 'primary')) {
    refuse(
      'config.backup_codes_cannot_be_enabled_alone',
      '`factors` has backup codes only. Add a primary factor, such as `totp()`: backup codes are the way back when it is lost.',
    );
  }
  const primary = factors.filter(({ rank }) => rank === 'primary');
  if (primary.every(({ channel }) => channel !== undefined)) {
    process.emitWarning(
      `Codes by ${primary.map(({ channel }) => (channel === 'sms' ? 'SMS' : 'e-mail')).join(' and ')} are the only second factor: ` +
        'they are read by whoever takes over a mailbox or a phone number. Offer `totp()` or `webauthn()` beside them.',
      { type: 'ExpressMfaWarning', code: 'express-mfa.weak_factors_alone' },
    );
  }
  const channels = factors.flatMap(({ channel }) => (channel === undefined ? [] : [channel]));
  for (const channel of channels) {
    if (signInMethods.includes(channel)) {
      refuse(
        `config.${channel}_code_cannot_be_sign_in_and_mfa`,
        `\`signInMethods\` and \`factors\` both use ${channel}: one channel cannot be first and second factor. Drop one of them.`,
      );
    }
    if (passwordResetMethods.includes(channel)) {
      process.emitWarning(
        `Passwords are reset by ${channel}, and ${channel} codes are a second factor: whoever reads that channel has both.`,
        { type: 'ExpressMfaWarning', code: 'express-mfa.one_channel_for_both' },
      );
    }
  }
}

/** Nobody is to believe that sign-ins are assessed where nothing does so. */
function checkRisk({ risk, riskMode, riskActions }: MfaOptions): void {
  if (risk || (riskMode === undefined && riskActions === undefined)) return;
  const beside = riskMode === undefined ? 'riskActions' : 'riskMode';
  refuse(
    'config.invalid_option',
    `\`${beside}\` says what follows from an assessment, and there is none. Give \`risk\`.`,
  );
}

/** Whoever is let in by `enforce` alone must have somewhere to be sent. */
function checkUpstream({ upstream = {} }: MfaOptions): void {
  for (const [issuer, { mfa, reauthenticate, amr = [], acr = [] }] of Object.entries(upstream)) {
    const never = amr.find((value) => firstFactorsOnly.includes(value)) ?? acr.find((value) => value === '0');
    if (never !== undefined)
      refuse(
        'config.invalid_option',
        `\`upstream\` lists "${never}" for ${issuer}, which says of no second factor that it was used. Leave it out.`,
      );
    if (mfa === 'enforce' && !reauthenticate)
      refuse(
        'config.invalid_option',
        `\`upstream\` enforces ${issuer} and has nowhere to send people once it said too little. ` +
          'Give it `reauthenticate: (req, ask) => address`.',
      );
    if (mfa !== 'enforce' && reauthenticate)
      refuse(
        'config.invalid_option',
        `\`upstream\`: \`reauthenticate\` of ${issuer} is for \`mfa: 'enforce'\`, and \`${mfa}\` sends nobody back.`,
      );
  }
}

/** Whoever sits in between reads and changes all that goes over plain http, codes and pages. */
function checkOrigins({ environment, settings }: MfaConfig): void {
  if (environment !== 'production') return;
  const plain = settings.origins.find((origin) => origin.startsWith('http:') && !isLoopback(new URL(origin).hostname));
  if (plain === undefined) return;
  refuse('config.invalid_option', `The origin ${plain} is not encrypted, and this is production. Write https://.`);
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || /^(127\.|\[::1\]$)/.test(hostname);
}

function checkStore({ store, audit, administration, environment }: MfaConfig): void {
  if (audit?.store.name === 'memory' && environment === 'production') {
    refuse(
      'config.memory_store_in_production',
      '`audit` keeps its log in memory, which forgets it at every restart. Use `redisAuditStore(client, { namespace })`.',
    );
  }
  if (administration.cases?.name === 'memory' && environment === 'production') {
    refuse(
      'config.memory_store_in_production',
      '`administration.cases` keeps them in memory, where no other process sees what waits. Use `redisCaseStore(client, { namespace })`.',
    );
  }
  if (administration.stats?.name === 'memory' && environment === 'production') {
    refuse(
      'config.memory_store_in_production',
      '`administration.stats` keeps its figures in memory, where no other process sees them. Use `redisStatsStore(client, { namespace })`.',
    );
  }
  if (administration.censusEveryHours !== undefined && !administration.stats && environment === 'production') {
    refuse(
      'config.invalid_option',
      '`administration.censusEveryHours` counts, and there is nowhere to keep it. Give `administration.stats`, such as `redisStatsStore`.',
    );
  }
  if (store.name === 'memory' && environment === 'production') {
    refuse(
      'config.memory_store_in_production',
      '`store` is the memory store, which forgets everybody at every restart. Use `redisStore(client, { namespace })`.',
    );
  }
}

/** Senders that deliver to nobody: whoever reads the log or the outbox could sign in. */
const developmentSenders: readonly unknown[] = ['console', 'outbox'];

function checkNotices({ notify, notices, factors }: MfaConfig): void {
  if (notify && notices) {
    refuse(
      'config.invalid_option',
      '`notify` takes all notices over, so the sender of `notices` would deliver none. Give one of the two.',
    );
  }
  if (notify || notices || factors.some((factor) => 'sender' in factor)) return;
  process.emitWarning(
    'Nobody hears of changes to their account, such as a factor that somebody else added. ' +
      'Give `notices: { sender }` a mail sender, or `notify` a function that tells people.',
    { type: 'ExpressMfaWarning', code: 'express-mfa.nobody_is_told' },
  );
}

/** Whoever has lost everything is told to ask, and not whom. */
function checkHelp({ environment, web }: MfaConfig): void {
  if (environment !== 'production' || web.brand.help !== undefined) return;
  process.emitWarning(
    'Whoever cannot use any of their methods is not told whom to ask. ' +
      'Give `brand: { help }` a sentence, an address, or { email, phone, hours, url, asks }.',
    { type: 'ExpressMfaWarning', code: 'express-mfa.no_help' },
  );
}

function checkSenders({ factors, notices, environment }: MfaConfig): void {
  if (environment !== 'production') return;
  for (const factor of notices ? [...factors, notices] : factors) {
    // Only factors that send have one; `fallback` bears the name of the development sender in it.
    const { name } = (factor as { sender?: Partial<Sender> }).sender ?? {};
    if (!developmentSenders.includes(name)) continue;
    refuse(
      'config.console_sender_in_production',
      `The factor "${factor.kind}" has the ${name} sender, which delivers nothing and shows its codes to whoever can read ` +
        'the log or the memory of this process. Use a real one, such as `smtpSender` or `twilioSender`.',
    );
  }
}
