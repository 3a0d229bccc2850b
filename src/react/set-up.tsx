// `<SetUpTotp>`, `<SetUpPasskey>`, `<SetUpAddress>`: a method is shown what it needs, and confirmed.
import { useState, type SyntheticEvent } from 'react';
import type { GoOnAnswer, SentAnswer } from '../client/index.js';
import { CodeByMessage } from './code-by-message.js';
import { Failed } from './failed.js';
import { useMfa, useProblem, useSetup } from './hooks.js';
import { PasskeyButton } from './passkey-button.js';
import { useProvided } from './provider.js';
import { copyText } from './take-along.js';
import { useFocusOnProblem } from './use-focus.js';

/** What every `<SetUp…>` takes. */
export type SetUpProps = {
  /** It is in force; `next` says what follows, such as the backup codes. */
  onDone?: (answer: GoOnAnswer) => void;
};

const textIn = (event: SyntheticEvent<HTMLFormElement>, name: string): string => {
  event.preventDefault();
  const text = new FormData(event.currentTarget).get(name);
  return typeof text === 'string' ? text : '';
};

/** An authenticator app: the QR code as SVG, the key as text, and the first code. */
export function SetUpTotp({ onDone }: SetUpProps) {
  const { words, slots } = useProvided();
  const { Button, Field, Notice } = slots;
  const { state } = useMfa();
  const { begun, again, status, error, begin, confirm } = useSetup('totp');
  const [isCopied, setIsCopied] = useState(false);
  const problem = useProblem(error);
  const form = useFocusOnProblem(error);
  if (!words || (!begun && !error)) return <div className="mfa-set-up" aria-busy="true" />;
  if (!begun) return <Failed error={error} onRetry={again} />;
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    const code = textIn(event, 'code');
    const name = textIn(event, 'name');
    const replaces = textIn(event, 'replaces');
    void confirm({ code, ...(name && { name }), ...(replaces && { replaces }) }).then(
      (answer) => answer && onDone?.(answer),
    );
  };
  return (
    <div className="mfa-set-up" lang={words.locale} dir={words.dir}>
      <ol>
        <li>{words.t('setup.totp.install')}</li>
        <li>
          {words.t('setup.totp.scan')}
          <div
            className="mfa-qr"
            role="img"
            aria-label={words.t('setup.totp.qr')}
            // A whole picture by our own server, made of nothing that anybody typed.
            dangerouslySetInnerHTML={{ __html: begun.qr }}
          />
          <details>
            <summary>{words.t('setup.totp.cannot_scan')}</summary>
            <p>{words.t('setup.totp.type_key')}</p>
            <p>
              <code className="mfa-secret">{begun.groups.join(' ')}</code>
            </p>
            <Button onClick={() => void copyText(begun.secret).then(setIsCopied)}>
              {words.t('setup.totp.copy_key')}
            </Button>
            <Notice kind="note">{isCopied ? words.t('setup.totp.key_copied') : null}</Notice>
            <p className="mfa-hint">
              {words.t('setup.totp.parameters', {
                digits: begun.digits,
                period: begun.period,
                algorithm: begun.algorithm,
              })}
            </p>
            <p>
              <a href={begun.uri}>{words.t('setup.totp.open')}</a>
            </p>
            <Button onClick={() => void begin()}>{words.t('setup.totp.new_key')}</Button>
          </details>
        </li>
      </ol>
      <form className="mfa-form" ref={form} onSubmit={submit} noValidate>
        <Field
          name="code"
          label={words.t('setup.totp.code', { count: begun.digits })}
          problem={problem}
          required
          autoComplete="one-time-code"
          inputMode="numeric"
        />
        <Field
          name="name"
          label={words.t('setup.totp.name')}
          hint={words.t('setup.totp.name_hint')}
          maxLength={64}
          autoComplete="off"
        />
        {error?.details.field === 'replaces' ? (
          <label className="mfa-replaces">
            {words.t('setup.totp.replaces_one')}{' '}
            <select name="replaces">
              {(state?.authenticators ?? [])
                .filter(({ kind }) => kind === 'totp')
                .map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name ?? words.t('manage.added', { date: words.date(one.createdAt) })}
                  </option>
                ))}
            </select>
          </label>
        ) : null}
        <Button type="submit" aria-disabled={status === 'busy'}>
          {words.t('setup.turn_on')}
        </Button>
      </form>
    </div>
  );
}

/** A passkey of this device, of another one, or a security key. */
export function SetUpPasskey({ onDone, name }: SetUpProps & { name?: string }) {
  const { client, words } = useProvided();
  const { status, error, prepare, createPasskey } = useSetup('webauthn');
  if (!words) return <div className="mfa-set-up" aria-busy="true" />;
  return (
    <div className="mfa-set-up" lang={words.locale} dir={words.dir}>
      <PasskeyButton
        label={words.t('setup.webauthn.button')}
        status={status}
        error={error}
        isSupported={client.passkeys.isSupported}
        prepare={prepare}
        onPress={() => void createPasskey(name).then((answer) => answer && onDone?.(answer))}
      />
    </div>
  );
}

/** An address that codes are sent to: entered, then confirmed by the first code. */
export function SetUpAddress({ kind, onDone }: SetUpProps & { kind: 'email' | 'sms' }) {
  const { words, slots } = useProvided();
  const { Button, Field } = slots;
  const { begun, status, error, clear, begin, confirm } = useSetup(kind);
  const [changes, setChanges] = useState(false);
  const problem = useProblem(error);
  const form = useFocusOnProblem(error);
  if (!words) return <div className="mfa-set-up" aria-busy="true" />;
  const sent = begun && 'resendAfter' in begun && !changes ? begun : undefined;
  const goOn = (answer: SentAnswer | GoOnAnswer | undefined) => {
    if (answer && 'next' in answer) onDone?.(answer);
  };
  if (sent)
    return (
      <div className="mfa-set-up" lang={words.locale} dir={words.dir}>
        <CodeByMessage
          kind={kind}
          room="setup"
          verifying={{ status, error, sent, send: async () => goOn(await begin(sent.address)) }}
          onCode={(code) => void confirm({ code }).then(goOn)}
        />
        <p className="mfa-hint">{words.t(`setup.${kind}.not_received`)}</p>
        <Button
          onClick={() => {
            clear();
            setChanges(true);
          }}
        >
          {words.t(`setup.${kind}.change`)}
        </Button>
      </div>
    );
  const submit = (event: SyntheticEvent<HTMLFormElement>) =>
    void begin(textIn(event, 'address')).then((answer) => {
      if (answer) setChanges(false);
      goOn(answer);
    });
  return (
    <form className="mfa-form" ref={form} onSubmit={submit} noValidate lang={words.locale} dir={words.dir}>
      <p className="mfa-intro">{words.t(`setup.${kind}.intro`)}</p>
      <Field
        name="address"
        type={kind === 'email' ? 'email' : 'tel'}
        autoComplete={kind === 'email' ? 'email' : 'tel'}
        label={words.t(`setup.${kind}.address`)}
        hint={kind === 'sms' ? words.t('setup.sms.address_hint') : undefined}
        defaultValue={begun && 'address' in begun ? begun.address : undefined}
        autoFocus={changes}
        problem={problem}
        required
      />
      <Button type="submit" aria-disabled={status === 'busy'}>
        {words.t('send.button')}
      </Button>
    </form>
  );
}
