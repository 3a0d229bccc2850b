// Codes that are shown once: the list, what takes them along, how long they stay, and "I have saved these codes".
import { useEffect, useState, type SyntheticEvent } from 'react';
import type { GoOnAnswer, PendingCodesAnswer } from '../client/index.js';
import { copyText, printText, saveFile } from './take-along.js';
import { useProblem } from './hooks.js';
import type { BackupCodesHere } from './use-backup-codes.js';
import { useProvided } from './provider.js';

export type PendingCodesProps = {
  here: BackupCodesHere;
  pending: PendingCodesAnswer;
  replaces: boolean;
  onSaved: ((answer: GoOnAnswer) => void) | undefined;
};

export function PendingCodes({ here, pending, replaces, onSaved }: PendingCodesProps) {
  const { words, slots } = useProvided();
  const { Button, Notice } = slots;
  const [said, setSaid] = useState('');
  const left = useSecondsLeft(pending.expiresAt, here.lapse);
  if (!words) return null;
  const until = pending.codesExpireAt;
  const made =
    until === null
      ? words.t('codes.made', { made: words.date(pending.createdAt) })
      : words.t('codes.made_until', { made: words.date(pending.createdAt), until: words.date(until) });
  // Read at the press: what is shown, and nothing that lives longer.
  const text = () => pending.codes.join('\n');
  const download = async () => {
    const file = await here.download();
    if (file) saveFile(file.name, file.content);
  };
  return (
    <div className="mfa-pending-codes">
      <p className="mfa-intro">{words.t('codes.pending.intro')}</p>
      {replaces ? <p className="mfa-hint">{words.t('codes.pending.replaces')}</p> : null}
      <ol className="mfa-codes">
        {pending.codes.map((code, at) => (
          <li key={at}>
            <code translate="no">{code}</code>
          </li>
        ))}
      </ol>
      <p className="mfa-codes-made">{made}</p>
      <div className="mfa-take-along">
        <Button onClick={() => void copyText(text()).then((copied) => setSaid(copied ? words.t('codes.copied') : ''))}>
          {words.t('codes.copy')}
        </Button>
        <Button onClick={() => void download()} aria-disabled={here.status === 'busy'}>
          {words.t('codes.download')}
        </Button>
        <Button onClick={() => printText(words.t('title.backup-codes.pending'), [...pending.codes, made])}>
          {words.t('codes.print')}
        </Button>
      </div>
      <Notice kind="note">{said}</Notice>
      <Lapse left={left} pending={pending} onExtend={() => void here.extend()} />
      <Saved here={here} pending={pending} onSaved={onSaved} />
    </div>
  );
}

/** WCAG 2.2.1: said before, and extended once. */
function Lapse({ left, pending, onExtend }: { left: number; pending: PendingCodesAnswer; onExtend: () => void }) {
  const { words, slots } = useProvided();
  const { Button, Notice } = slots;
  const isSoon = left <= 120;
  return (
    <div className="mfa-lapse">
      <Notice kind={isSoon ? 'problem' : 'note'}>
        {isSoon
          ? words?.t(pending.extendable ? 'codes.pending.soon_extend' : 'codes.pending.soon')
          : words?.t('codes.pending.lapses', { when: words.inTime(Math.ceil(left / 60) * 60) })}
      </Notice>
      {pending.extendable ? <Button onClick={onExtend}>{words?.t('codes.pending.extend')}</Button> : null}
    </div>
  );
}

function Saved({ here, pending, onSaved }: Pick<PendingCodesProps, 'here' | 'pending' | 'onSaved'>) {
  const { words, slots } = useProvided();
  const { Button, Field, Notice } = slots;
  const problem = useProblem(here.error);
  const [ticked, setTicked] = useState(false);
  const [missing, setMissing] = useState(false);
  if (!words) return null;
  const isTyped = pending.confirm === 'type-one';
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget).get('code');
    setMissing(!isTyped && !ticked);
    if (here.status === 'busy' || (!isTyped && !ticked)) return;
    void here.confirm(isTyped && typeof typed === 'string' ? typed : undefined).then((answer) => {
      if (answer) onSaved?.(answer);
    });
  };
  const told = missing ? words.t('hint.backup.not_saved') : problem;
  return (
    <form className="mfa-form" onSubmit={submit} noValidate>
      {isTyped ? (
        <Field
          name="code"
          label={words.t('codes.type_one')}
          hint={words.t('codes.type_one_hint')}
          problem={told}
          autoComplete="off"
          spellCheck={false}
        />
      ) : (
        <>
          <label className="mfa-saved">
            <input
              type="checkbox"
              name="saved"
              checked={ticked}
              aria-invalid={told ? true : undefined}
              onChange={(event) => setTicked(event.target.checked)}
            />{' '}
            {words.t('codes.saved')}
          </label>
          {told ? <Notice kind="problem">{told}</Notice> : null}
        </>
      )}
      <Button type="submit" aria-disabled={here.status === 'busy'}>
        {words.t('codes.finish')}
      </Button>
    </form>
  );
}

/** By the server's clock; at the end `onOver`, once. */
function useSecondsLeft(expiresAt: number, onOver: () => void): number {
  const { client } = useProvided();
  const [left, setLeft] = useState(() => expiresAt - client.now());
  useEffect(() => {
    const look = () => setLeft(expiresAt - client.now());
    look();
    const timer = setInterval(look, 1000);
    return () => clearInterval(timer);
  }, [client, expiresAt]);
  const isOver = left <= 0;
  useEffect(() => {
    if (isOver) onOver();
    // Once per set, whatever function it is by then.
  }, [isOver]);
  return Math.max(0, left);
}
