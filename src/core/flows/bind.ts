// Binding an address that the host has verified, without a code of ours; and letting a bound one follow when the
// host's address changes. Never silently at a later sign-in: at sign-up, or when the person begins set-up.
import { additionNews } from '../rules/addition-news.js';
import { exemptionNews, owedAfter, settled } from './add-authenticator.js';
import { refusedAsBarred } from '../rules/barred.js';
import type { Happened } from '../words/events.js';
import { isMalformed, type Factor } from '../kernel/factor.js';
import { withChange } from '../kernel/history.js';
import { contextOf, factorOf, type Asker, type Kernel } from '../kernel/kernel.js';
import type { Notice } from '../words/notices.js';
import { accepted, refused, type Outcome } from '../words/outcome.js';
import { changeBy, forbids, riskyEnrollment, staleSignIn } from '../rules/permission.js';
import type { Json } from '../words/json.js';
import type { Authenticator, MfaRecord } from '../kernel/record.js';
import type { Proof } from '../kernel/sign-in.js';
import { withoutPasses } from '../rules/hold.js';
import { wouldServeTwice } from '../rules/situation.js';
import { leaningOn, replacedBy, replacedDetail } from '../rules/succession.js';
import { transact } from '../kernel/transact.js';

/** `first`: the person was not protected before. */
export type Bound = { epoch: string; record: MfaRecord; proof?: Proof; first?: true };

/** Whether there is an address of this kind that the person may bind without a code. */
export function hasVouched(kernel: Kernel, asker: Asker, kind: string): boolean {
  const factor = factorOf(kernel, kind);
  if (!kernel.settings.autoBind || !factor?.adopt || wouldServeTwice(factor, asker.user, asker.signIn)) return false;
  return factor.vouchedAddress?.(contextOf(kernel, asker)) !== undefined;
}

/** Whether beginning this set-up binds at once: what was typed is the address that the host has verified. */
export function bindsAtOnce(kernel: Kernel, asker: Asker, kind: string, body: Json): boolean {
  const factor = factorOf(kernel, kind);
  if (!kernel.settings.autoBind || !factor?.adopt || !factor.enrollment.parseBegin) return false;
  const vouched = factor.vouchedAddress?.(contextOf(kernel, asker));
  const typed = factor.enrollment.parseBegin(body);
  return vouched !== undefined && !isMalformed(typed) && (typed as { address?: Json }).address === vouched;
}

/**
 * Binds the host-verified address of one factor. It counts as proved only if the host verified it in this very
 * sign-up; otherwise its code is asked for at once, because the person is protected from here on.
 */
export async function bindVouched(
  kernel: Kernel,
  asker: Asker,
  kind: string,
  proves: boolean,
): Promise<Outcome<Bound>> {
  const factor = factorOf(kernel, kind);
  const context = contextOf(kernel, asker);
  const data = await factor?.adopt?.(context);
  if (!factor || data === undefined || wouldServeTwice(factor, asker.user, asker.signIn))
    return refused('session.mfa.mfa_factor_not_enabled');
  const id = kernel.random.token(12);
  const epoch = kernel.random.token();
  return transact<Outcome<Bound>>(kernel, asker, (record) => {
    // Its own code confirms an unprotected person's address, so no other confirmation stands before it.
    const forbidden = record.protected
      ? forbids(kernel, asker, record, changeBy(factor, record))
      : (refusedAsBarred(record) ?? riskyEnrollment(kernel, asker, record) ?? staleSignIn(kernel, asker));
    if (forbidden) return { result: forbidden };
    const own: Authenticator = {
      id,
      kind,
      createdAt: context.now,
      adopted: true,
      ...leaningOn(kernel, asker, record),
      data,
    };
    const { save, replaced } = withAddress(kernel, record, factor, own, epoch);
    const news = additionNews(kernel, record, factor, own, replaced);
    const detail = { adopted: true, ...replacedDetail(replaced) };
    const proof: Proof = { kind, authenticatorId: id, at: context.now, userVerified: false };
    return {
      save,
      result: accepted({
        epoch,
        record: save,
        ...(proves ? { proof } : {}),
        ...(record.protected ? {} : { first: true as const }),
      }),
      happened: [
        { name: 'authenticator-enrolled', kind, authenticatorId: id, outcome: 'accepted', detail },
        ...news.happened,
        ...exemptionNews(record, context.now),
      ],
      notices: news.notices,
    };
  });
}

function withAddress(kernel: Kernel, record: MfaRecord, factor: Factor, own: Authenticator, epoch: string) {
  const earlier = record.authenticators.filter(({ kind }) => kind === own.kind).map(({ id }) => id);
  const replaced = replacedBy(record, factor, earlier);
  const rest = record.authenticators.filter((each) => !replaced.includes(each));
  const save: MfaRecord = {
    ...settled(record, kernel.now()),
    epoch,
    authenticators: [...withoutPasses(kernel, rest), own],
    trusted: [],
    owed: owedAfter(kernel, record, factor),
    protected: true,
  };
  return { save, replaced };
}

/** The kinds whose address the host verified in this very sign-up, where the policy suggests MFA at sign-up. */
export function boundAtSignUp(kernel: Kernel, asker: Asker): string[] {
  const { autoBind, policyOf } = kernel.settings;
  const policy = policyOf(asker.user);
  if (!autoBind || policy === 'no-prompt' || policy === 'prompt-only-at-sign-in') return [];
  const context = contextOf(kernel, asker);
  return kernel.factors
    .filter((factor) => factor.channel !== asker.user.signedInBy && factor.vouchedAddress?.(context) !== undefined)
    .map(({ kind }) => kind);
}

/** Lets bound addresses follow the host's verified ones; both the old and the new address hear of it. */
export async function followAddresses(kernel: Kernel, asker: Asker, record: MfaRecord): Promise<MfaRecord> {
  if (changesOf(kernel, asker, record).length === 0) return record;
  const epoch = kernel.random.token();
  return transact<MfaRecord>(kernel, asker, (current) => {
    const changes = changesOf(kernel, asker, current);
    if (changes.length === 0) return { result: current };
    const authenticators = current.authenticators.map((own) => {
      const change = changes.find(({ id }) => id === own.id);
      return change ? { ...own, data: change.data, movedAt: kernel.now() } : own;
    });
    const moved: MfaRecord = { ...current, authenticators, epoch, trusted: [] };
    const save = withChange(kernel, asker.user.id, moved, { changedAt: kernel.now() });
    const happened = changes.map(({ id, kind }): Happened => ({
      name: 'address-changed',
      kind,
      authenticatorId: id,
      actor: 'system',
    }));
    const notices = changes.map(({ id, kind }): Notice => ({
      what: 'address-changed',
      kind,
      authenticatorId: id,
      at: kernel.now(),
    }));
    return { save, result: save, happened, notices };
  });
}

/** What bound addresses become where they follow. */
export function changesOf(kernel: Kernel, asker: Asker, record: MfaRecord): { id: string; kind: string; data: Json }[] {
  const context = contextOf(kernel, asker);
  return record.authenticators.flatMap((own) => {
    const data = factorOf(kernel, own.kind)?.follow?.(context, own);
    return data === undefined ? [] : [{ id: own.id, kind: own.kind, data }];
  });
}
