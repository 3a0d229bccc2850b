// `<Authenticators>`: the person's methods, renamed and removed. Nothing while they may not be seen.
import { useState, type SyntheticEvent } from 'react';
import type { AuthenticatorAnswer } from '../client/index.js';
import { useMfa, useProblem } from './hooks.js';
import { useProvided } from './provider.js';
import { useAct } from './use-act.js';
import { useFocusOnChange, useFocusOnClose } from './use-focus.js';

/** The person's methods, renamed and removed; nothing while they may not be seen. */
export function Authenticators() {
  const { state, words } = useMfa();
  const list = useFocusOnChange<HTMLUListElement>(state?.authenticators?.length);
  if (!words || !state) return <ul className="mfa-authenticators" aria-busy="true" />;
  if (!state.authenticators) return null;
  const { authenticators } = state;
  const isLast = authenticators.length === 1;
  const codesLeft = isLast ? (state.backupCodes?.remaining ?? 0) : 0;
  return (
    <ul className="mfa-authenticators" ref={list} tabIndex={-1} lang={words.locale} dir={words.dir}>
      {authenticators.map((one) => (
        <li key={one.id}>
          <Authenticator one={one} isLast={isLast} codesLeft={codesLeft} />
        </li>
      ))}
    </ul>
  );
}

type AuthenticatorProps = { one: AuthenticatorAnswer; isLast: boolean; codesLeft: number };

function Authenticator({ one, isLast, codesLeft }: AuthenticatorProps) {
  const { client, words, slots } = useProvided();
  const { Button, Field, Notice } = slots;
  const { status, error, run, clear } = useAct();
  const problem = useProblem(error);
  const [open, setOpen] = useState<'rename' | 'remove'>();
  const buttons = useFocusOnClose<HTMLDivElement>(open !== undefined);
  if (!words) return null;
  const factor = words.t([`factor.${one.kind}.name`, 'factor.generic.name']);
  const title = one.name === undefined ? factor : words.t('manage.named', { factor, name: one.name });
  const detail = one.address ?? one.masked;
  const isBusy = status === 'busy';
  const show = (next?: 'rename' | 'remove') => {
    clear();
    setOpen(next);
  };
  const close = (answer: unknown) => {
    if (answer) setOpen(undefined);
  };
  const cancel = <Button onClick={() => show()}>{words.t('page.cancel')}</Button>;
  const rename = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = new FormData(event.currentTarget).get('name');
    void run((signal) => client.authenticators.rename(one.id, typeof name === 'string' ? name : '', { signal })).then(
      close,
    );
  };
  const remove = (keepBackupCodes?: 'yes' | 'no') =>
    void run((signal) =>
      client.authenticators.remove(one.id, keepBackupCodes === undefined ? {} : { keepBackupCodes }, { signal }),
    ).then(close);
  const asksForCodes = codesLeft > 0;
  return (
    <>
      <strong>{title}</strong> {detail} {one.disabledAt === undefined ? null : words.t('manage.disabled')}
      <p className="mfa-hint">
        {words.t('manage.added', { date: words.date(one.createdAt) })} ·{' '}
        {one.lastUsedAt === undefined
          ? words.t('manage.never_used')
          : words.t('manage.last_used', { date: words.date(one.lastUsedAt) })}
      </p>
      <div className="mfa-actions" ref={buttons}>
        {open === 'rename' ? (
          <form className="mfa-form" onSubmit={rename} noValidate>
            <Field
              name="name"
              label={words.t('manage.new_name')}
              defaultValue={one.name}
              maxLength={64}
              problem={problem}
              autoFocus
              autoComplete="off"
            />
            <Button type="submit" aria-disabled={isBusy}>
              {words.t('manage.save_name')}
            </Button>
            {cancel}
          </form>
        ) : open === 'remove' ? (
          <div className="mfa-sure" role="group" aria-label={`${words.t('manage.remove')}: ${title}`}>
            {problem ? <Notice kind="problem">{problem}</Notice> : null}
            <p>
              {words.t(asksForCodes ? 'remove.codes_too' : isLast ? 'manage.leaves.nothing' : 'manage.leaves.others')}
            </p>
            {asksForCodes ? (
              <>
                <Button autoFocus onClick={() => remove('yes')} aria-disabled={isBusy}>
                  {words.t('remove.keep_yes')}
                </Button>
                <p className="mfa-hint">{words.t('remove.keep_yes_hint', { count: codesLeft })}</p>
                <Button onClick={() => remove('no')} aria-disabled={isBusy}>
                  {words.t('remove.keep_no')}
                </Button>
                <p className="mfa-hint">{words.t('remove.keep_no_hint')}</p>
              </>
            ) : (
              <Button autoFocus onClick={() => remove()} aria-disabled={isBusy}>
                {words.t('manage.remove')}
              </Button>
            )}
            {cancel}
          </div>
        ) : (
          (['rename', 'remove'] as const).map((what) => (
            <Button key={what} aria-label={`${words.t(`manage.${what}`)}: ${title}`} onClick={() => show(what)}>
              {words.t(`manage.${what}`)}
            </Button>
          ))
        )}
      </div>
    </>
  );
}
