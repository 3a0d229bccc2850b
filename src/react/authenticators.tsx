// `<Authenticators>`: the person's methods, renamed and removed. Nothing while they may not be seen.
import { useState, type SyntheticEvent } from 'react';
import type { AuthenticatorAnswer } from '../client/index.js';
import { useMfa, useProblem } from './hooks.js';
import { useProvided } from './provider.js';
import { useAct } from './use-act.js';

export function Authenticators() {
  const { state, words } = useMfa();
  if (!words || !state) return <ul className="mfa-authenticators" aria-busy="true" />;
  if (!state.authenticators) return null;
  const { authenticators } = state;
  const isLast = authenticators.length === 1 && (state.backupCodes?.remaining ?? 0) > 0;
  return (
    <ul className="mfa-authenticators" lang={words.locale} dir={words.dir}>
      {authenticators.map((one) => (
        <li key={one.id}>
          <Authenticator one={one} asksForCodes={isLast} />
        </li>
      ))}
    </ul>
  );
}

function Authenticator({ one, asksForCodes }: { one: AuthenticatorAnswer; asksForCodes: boolean }) {
  const { client, words, slots } = useProvided();
  const { Button, Field, Notice } = slots;
  const { status, error, run } = useAct();
  const problem = useProblem(error);
  const [open, setOpen] = useState<'rename' | 'remove'>();
  if (!words) return null;
  const factor = words.t([`factor.${one.kind}.name`, 'factor.generic.name']);
  const title = one.name === undefined ? factor : words.t('manage.named', { factor, name: one.name });
  const detail = one.address ?? one.masked;
  const isBusy = status === 'busy';
  const close = (answer: unknown) => {
    if (answer) setOpen(undefined);
  };
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
  return (
    <>
      <strong>{title}</strong> {detail} {one.disabledAt === undefined ? null : words.t('manage.disabled')}
      <p className="mfa-hint">
        {words.t('manage.added', { date: words.date(one.createdAt) })}{' '}
        {one.lastUsedAt === undefined
          ? words.t('manage.never_used')
          : words.t('manage.last_used', { date: words.date(one.lastUsedAt) })}
      </p>
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
        </form>
      ) : (
        <Button aria-label={`${words.t('manage.rename')}: ${title}`} onClick={() => setOpen('rename')}>
          {words.t('manage.rename')}
        </Button>
      )}
      {open === 'remove' ? (
        <div className="mfa-sure" role="group" aria-label={`${words.t('manage.remove')}: ${title}`}>
          {problem ? <Notice kind="problem">{problem}</Notice> : null}
          <p>{words.t(asksForCodes ? 'remove.codes_too' : 'manage.leaves.others')}</p>
          {asksForCodes ? (
            <>
              <Button autoFocus onClick={() => remove('yes')} aria-disabled={isBusy}>
                {words.t('remove.keep_yes')}
              </Button>
              <Button onClick={() => remove('no')} aria-disabled={isBusy}>
                {words.t('remove.keep_no')}
              </Button>
            </>
          ) : (
            <Button autoFocus onClick={() => remove()} aria-disabled={isBusy}>
              {words.t('manage.remove')}
            </Button>
          )}
          <Button onClick={() => setOpen(undefined)}>{words.t('page.cancel')}</Button>
        </div>
      ) : (
        <Button aria-label={`${words.t('manage.remove')}: ${title}`} onClick={() => setOpen('remove')}>
          {words.t('manage.remove')}
        </Button>
      )}
    </>
  );
}
