// `<Verify>`: one way to verify, and the others. What is typed stands in its field alone, and goes with it.
import { useEffect, useState, type SyntheticEvent, type ReactNode } from 'react';
import type { VerifiedAnswer } from '../client/index.js';
import { CodeByMessage } from './code-by-message.js';
import { Failed } from './failed.js';
import { useMfa, useProblem, useVerify } from './hooks.js';
import { PasskeyButton } from './passkey-button.js';
import { useProvided } from './provider.js';
import { useFocusOnProblem } from './use-focus.js';

/** What `<Verify>` takes. */
export type VerifyProps = {
  /** The kind asked for first. Default: the one that the server offers first. */
  kind?: string;
  /** The kinds that count here. Default: all that the person has. */
  kinds?: readonly string[];
  /** Offers "Trust this browser", for so many days. */
  trustDays?: number;
  /** It is done; `next` says what follows. */
  onDone?: (answer: VerifiedAnswer) => void;
};

/** One way to verify, and the others. */
export function Verify({ kind, kinds, trustDays, onDone }: VerifyProps) {
  const { state, words, error, refresh } = useMfa();
  const [chosen, setChosen] = useState<string>();
  const offered = (state?.availableFactors ?? []).filter((each) => kinds?.includes(each) ?? true);
  const current = [chosen, kind].find((each) => each !== undefined && offered.includes(each)) ?? offered[0];
  if (words && !state && error) return <Failed error={error} onRetry={refresh} />;
  if (!words || !state) return <div className="mfa-verify" aria-busy="true" />;
  if (current === undefined) return null;
  return (
    <div className="mfa-verify" lang={words.locale} dir={words.dir}>
      <Challenge key={current} kind={current} trustDays={trustDays} onDone={onDone} />
      <TryAnotherWay kinds={offered.filter((each) => each !== current)} onChoose={setChosen} />
    </div>
  );
}

type ChallengeProps = { kind: string; trustDays: number | undefined; onDone: VerifyProps['onDone'] };

function Challenge({ kind, trustDays, onDone }: ChallengeProps) {
  const { client, words } = useProvided();
  const { state } = useMfa();
  const verifying = useVerify(kind);
  const [trusts, setTrusts] = useState(false);
  const wait = state?.locked?.[kind];
  const trust =
    trustDays === undefined || kind === 'backup-codes' ? null : (
      <label className="mfa-trust">
        <input type="checkbox" checked={trusts} onChange={(event) => setTrusts(event.target.checked)} />{' '}
        {words?.t('verify.trust', { count: trustDays })}
      </label>
    );
  const more = trusts ? { trustBrowser: true } : {};
  const told = (answer: VerifiedAnswer | undefined) => {
    if (answer) onDone?.(answer);
  };
  if (wait !== undefined) return <Locked seconds={wait} />;
  if (kind === 'webauthn')
    return (
      <>
        <p className="mfa-intro">{words?.t('verify.webauthn.intro')}</p>
        {trust}
        <PasskeyButton
          label={words?.t('verify.webauthn.button')}
          status={verifying.status}
          error={verifying.error}
          isSupported={client.passkeys.isSupported}
          prepare={verifying.prepare}
          onPress={() => void verifying.answerPasskey(more).then(told)}
        />
      </>
    );
  const submit = (code: string) => void verifying.answer(code, more).then(told);
  if (kind === 'email' || kind === 'sms')
    return (
      <CodeByMessage kind={kind} room="verify" verifying={verifying} onCode={submit}>
        {trust}
      </CodeByMessage>
    );
  return (
    <CodeForm kind={kind} status={verifying.status} error={verifying.error} onCode={submit}>
      {trust}
    </CodeForm>
  );
}

function Locked({ seconds }: { seconds: number | null }) {
  const { words, slots, refresh } = useProvided();
  const { Notice } = slots;
  useEffect(() => {
    // A day is more than a timer is good for.
    if (seconds === null || seconds > 86_400) return undefined;
    const timer = setTimeout(refresh, (seconds + 1) * 1000);
    return () => clearTimeout(timer);
  }, [seconds, refresh]);
  return (
    <Notice kind="problem">
      {seconds === null ? words?.t('lock.closed') : words?.t('lock.in_list', { when: words.inTime(seconds) })}
    </Notice>
  );
}

type CodeFormProps = Pick<ReturnType<typeof useVerify>, 'status' | 'error'> & {
  kind: string;
  digits?: number;
  onCode: (code: string) => void;
  children?: ReactNode;
};

/** A field for a code. */
export function CodeForm({ kind, digits = 6, status, error, onCode, children }: CodeFormProps) {
  const { words, slots } = useProvided();
  const { Button, Field } = slots;
  const problem = useProblem(error);
  const form = useFocusOnProblem(error);
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = new FormData(event.currentTarget).get('code');
    if (typeof code === 'string' && status !== 'busy') onCode(code);
  };
  const isText = kind === 'backup-codes' || kind === 'pass';
  const label = isText
    ? words?.t(kind === 'pass' ? 'field.pass' : 'field.backup_code')
    : words?.t('field.code', { count: digits });
  return (
    <form className="mfa-form" ref={form} onSubmit={submit} noValidate>
      <Field
        name="code"
        label={label}
        problem={problem}
        required
        autoFocus
        autoComplete={isText ? 'off' : 'one-time-code'}
        inputMode={isText ? 'text' : 'numeric'}
        autoCapitalize={isText ? 'characters' : 'off'}
        spellCheck={false}
      />
      {children}
      <Button type="submit" aria-disabled={status === 'busy'}>
        {words?.t('verify.continue')}
      </Button>
    </form>
  );
}

/** What `<TryAnotherWay>` takes. */
export type TryAnotherWayProps = {
  kinds: readonly string[];
  /** Takes the kind that was chosen. */
  onChoose: (kind: string) => void;
};

/** The other ways. Nothing where there is none. */
export function TryAnotherWay({ kinds, onChoose }: TryAnotherWayProps) {
  const { words, slots } = useProvided();
  const { Button } = slots;
  if (!words || kinds.length === 0) return null;
  return (
    <details className="mfa-another-way">
      <summary>{words.t('verify.another_way')}</summary>
      <ul>
        {kinds.map((kind) => (
          <li key={kind}>
            <Button onClick={() => onChoose(kind)}>{words.t([`factor.${kind}.name`, 'factor.generic.name'])}</Button>
          </li>
        ))}
      </ul>
    </details>
  );
}
