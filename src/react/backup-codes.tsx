// `<BackupCodes>`: made by a press, shown once, taken along by copy, file or paper, confirmed; afterwards how many are left and which
// were used, never a code. Codes go with the component.
import { useState, type ReactNode } from 'react';
import type { BackupCodesAnswer, GoOnAnswer } from '../client/index.js';
import { Failed } from './failed.js';
import { useBackupCodes } from './use-backup-codes.js';
import { useProblem } from './hooks.js';
import { PendingCodes } from './pending-codes.js';
import { useProvided } from './provider.js';
import { useFocusOnChange, useFocusOnClose } from './use-focus.js';

/** What `<BackupCodes>` takes. */
export type BackupCodesProps = {
  /** The new codes are saved and in force. */
  onSaved?: (answer: GoOnAnswer) => void;
  /** How deep the heading stands. Default 2. */
  headingLevel?: 1 | 2 | 3 | 4;
  /** What the app adds below the codes that are shown, or below the status. */
  children?: ReactNode;
};

/** Backup codes: made, shown once, taken along, confirmed; then how many are left, new ones, removal. */
export function BackupCodes({ onSaved, headingLevel = 2, children }: BackupCodesProps) {
  const { words, slots } = useProvided();
  const { Notice } = slots;
  const here = useBackupCodes();
  const { set, status, error } = here;
  const problem = useProblem(error);
  const isPending = set?.pending !== undefined;
  const heading = useFocusOnChange<HTMLHeadingElement>(set && isPending);
  const Heading = `h${headingLevel}` as const;
  if (!words || status === 'loading') return <section className="mfa-backup-codes" aria-busy="true" />;
  return (
    <section className="mfa-backup-codes" lang={words.locale} dir={words.dir}>
      <Heading ref={heading} tabIndex={-1}>
        {words.t(isPending ? 'title.backup-codes.pending' : 'title.backup-codes.status')}
      </Heading>
      {!set ? <Failed error={error} onRetry={here.again} /> : null}
      {problem && set && !isPending ? <Notice kind="problem">{problem}</Notice> : null}
      {set?.pending ? (
        <PendingCodes
          key={set.pending.revealToken}
          here={here}
          pending={set.pending}
          replaces={set.total > 0}
          onSaved={onSaved}
        />
      ) : set ? (
        <Status set={set} isBusy={status === 'busy'} onGenerate={here.generate} onRemove={here.remove} />
      ) : null}
      {children}
    </section>
  );
}

type StatusProps = {
  set: BackupCodesAnswer;
  isBusy: boolean;
  onGenerate: () => Promise<void>;
  onRemove: () => Promise<unknown>;
};

function Status({ set, isBusy, onGenerate, onRemove }: StatusProps) {
  const { words, slots } = useProvided();
  const { Button, Notice } = slots;
  const [removes, setRemoves] = useState(false);
  const buttons = useFocusOnClose<HTMLDivElement>(removes);
  if (!words) return null;
  const { total, remaining, codes, lapsed } = set;
  const used = codes.filter(({ usedAt }) => usedAt !== undefined);
  const [first] = codes;
  return (
    <>
      {lapsed ? <Notice kind="problem">{words.t('codes.lapsed')}</Notice> : null}
      <p className="mfa-codes-left">
        {total === 0 ? words.t('codes.none') : words.t('codes.left', { count: remaining, total })}
      </p>
      <p className="mfa-hint">{words.t('codes.what_for')}</p>
      {first ? (
        <p className="mfa-codes-made">
          {first.expiresAt === null
            ? words.t('codes.made', { made: words.date(first.createdAt) })
            : words.t('codes.made_until', {
                made: words.date(first.createdAt),
                until: words.date(first.expiresAt),
              })}{' '}
          {words.t('codes.never_shown')}
        </p>
      ) : null}
      {used.length > 0 ? (
        <details className="mfa-codes-used">
          <summary>{words.t('codes.used_ones')}</summary>
          <ul>
            {used.map(({ index, usedAt = 0 }) => (
              <li key={index}>{words.t('codes.used', { index, date: words.date(usedAt) })}</li>
            ))}
          </ul>
        </details>
      ) : null}
      <div className="mfa-codes-actions" ref={buttons}>
        <Button onClick={() => void onGenerate()} aria-disabled={isBusy}>
          {words.t(total === 0 ? 'codes.generate' : 'codes.generate_new')}
        </Button>
        {total > 0 ? <p className="mfa-hint">{words.t('codes.generate_hint')}</p> : null}
        {total === 0 ? null : removes ? (
          <div className="mfa-sure" role="group" aria-label={words.t('codes.remove')}>
            <Button autoFocus onClick={() => void onRemove()} aria-disabled={isBusy}>
              {words.t('codes.remove')}
            </Button>
            <Button onClick={() => setRemoves(false)}>{words.t('page.cancel')}</Button>
          </div>
        ) : (
          <Button onClick={() => setRemoves(true)}>{words.t('codes.remove')}</Button>
        )}
      </div>
    </>
  );
}
