// Every component and hook of `express-mfa/react`, as an app uses them.
import { createMfaClient, type MfaClientError, type MessagesAnswer } from 'express-mfa/client';
import {
  Authenticators,
  BackupCodes,
  CodeByMessage,
  MfaProvider,
  PasskeyButton,
  SetUpAddress,
  SetUpPasskey,
  SetUpTotp,
  StepUp,
  TryAnotherWay,
  useBackupCodes,
  useMfa,
  useProblem,
  useSetup,
  useStepUp,
  useVerify,
  Verify,
  type ButtonProps,
  type FieldProps,
  type NoticeProps,
  type Slots,
} from 'express-mfa/react';
import { useState, type ReactElement } from 'react';

const slots: Slots = {
  Button: (props: ButtonProps) => <button type="button" {...props} />,
  Field: ({ label, hint, problem, ...input }: FieldProps) => (
    <label>
      {label} {hint} <input {...input} /> {problem}
    </label>
  ),
  Notice: ({ kind, children }: NoticeProps) => <p data-kind={kind}>{children}</p>,
};
const messages: MessagesAnswer = { locale: 'de', dir: 'ltr', messages: { 'page.cancel': 'Abbrechen' } };
const client = createMfaClient({ baseUrl: '/mfa', headers: async () => ({}) });

function Parts(): ReactElement {
  const { status, state, t } = useMfa();
  const verifying = useVerify('email');
  const passkey = useSetup('webauthn');
  const codes = useBackupCodes();
  const { owed, fetch: guarded } = useStepUp({ repeat: ({ method }) => method === 'POST' });
  const problem = useProblem(verifying.error);
  const [kind, setKind] = useState<string>();
  const error: MfaClientError | undefined = codes.error ?? passkey.error;
  return (
    <>
      <p>
        {status} {state?.next.step} {t('page.cancel')} {problem} {error?.code} {owed?.step} {kind}
      </p>
      <button onClick={() => void guarded('/payouts', { method: 'POST' })}>Pay</button>
      <Verify kind="totp" kinds={['totp']} trustDays={30} onDone={({ next }) => next.url} />
      <TryAnotherWay kinds={['totp', 'email']} onChoose={setKind} />
      <CodeByMessage kind="email" verifying={verifying} onCode={(code) => void verifying.answer(code)} />
      <PasskeyButton
        label="Passkey"
        status={passkey.status}
        error={passkey.error}
        prepare={passkey.prepare}
        onPress={() => void passkey.createPasskey('Laptop')}
      />
      <SetUpTotp onDone={({ next }) => next.step} />
      <SetUpPasskey name="Laptop" />
      <SetUpAddress kind="sms" />
      <BackupCodes headingLevel={3} onSaved={() => undefined}>
        <small>Once</small>
      </BackupCodes>
      <Authenticators />
      <StepUp />
    </>
  );
}

export function Everything(): ReactElement {
  return (
    <MfaProvider client={client} locale="de" messages={messages} slots={slots}>
      <Parts />
    </MfaProvider>
  );
}
