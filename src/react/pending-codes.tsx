// Codes that are shown once: the list, what takes them along, how long they stay, and "I have saved these codes".
import { useEffect, useId, useRef, useState, type SyntheticEvent } from 'react';
import type { GoOnAnswer, PendingCodesAnswer } from '../client/index.js';
import { copyText, printText, saveFile } from './take-along.js';
import { useProblem } from './hooks.js';
import type { BackupCodesHere } from './use-backup-codes.js';
import { useProvided } from './provider.js';
import { useFocusOnProblem } from './use-focus.js';

export type PendingCodesProps = {
  here: BackupCodesHere;
  pending: PendingCodesAnswer;
  replaces: boolean;
  onSaved: ((answer: GoOnAnswer) => void) | undefined;
};

export function PendingCodes({ here, pending, replaces, onSaved }: PendingCodesProps) {
  const { words, slots } = useProvided();
  const { Button, Notice } = slots;
  const [said, setSaid] = useState<{ kind: 'note' | 'problem'; text: string }>();
  const list = useRef<HTMLOListElement>(null);
  const printed = useRef<() => void>(undefined);
  useEffect(() => () => printed.current?.(), []);
  const left = useSecondsLeft(pending.expiresAt, here.lapse);
  if (!words) return null;
  const until = pending.codesExpireAt;
  const made =
    until === null
      ? words.t('codes.made', { made: words.date(pending.createdAt) })
      : words.t('codes.made_until', { made: words.date(pending.createdAt), until: words.date(until) });
  // Read at the press: what is shown, and nothing that lives longer.
  const text = () => pending.codes.join('\n');
  const copy = async () => {
    const isCopied = await copyText(text());
    // By hand, then: they are selected.
    if (!isCopied && list.current) getSelection()?.selectAllChildren(list.current);
    setSaid(
      isCopied
        ? { kind: 'note', text: words.t('codes.copied') }
        : { kind: 'problem', text: words.t('codes.copy_failed') },
    );
  };
  const print = () => {
    printed.current?.();
    const title = `${words.t('title.backup-codes.status')}: ${location.host}`;
    printed.current = printText(title, [...pending.codes, '', made, words.t('codes.text.once')]);
  };
  const download = async () => {
    const file = await here.download();
    if (file) saveFile(file.name, file.content);
  };
  return (
    <div className="mfa-pending-codes">
      <p className="mfa-intro">{words.t('codes.pending.intro')}</p>
      {replaces ? <p className="mfa-hint">{words.t('codes.pending.replaces')}</p> : null}
      <ol className="mfa-codes" ref={list}>
        {pending.codes.map((code, at) => (
          <li key={at}>
            <code translate="no">{code}</code>
          </li>
        ))}
      </ol>
      <p className="mfa-codes-made">{made}</p>
      <div className="mfa-take-along">
        <Button onClick={() => void copy()}>{words.t('codes.copy')}</Button>
        <Button onClick={() => void download()} aria-disabled={here.status === 'busy'}>
          {words.t('codes.download')}
        </Button>
        <Button onClick={print}>{words.t('codes.print')}</Button>
      </div>
      <Notice kind={said?.kind ?? 'note'}>{said?.text}</Notice>
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
          : words?.t('codes.pending.lapses', { when: words.inTime(Math.round(left / 60) * 60) })}
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
  // A new object each time, so that the focus goes there each time.
  const [missing, setMissing] = useState<object>();
  const form = useFocusOnProblem(missing ?? here.error);
  const describes = useId();
  if (!words) return null;
  const isTyped = pending.confirm === 'type-one';
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget).get('code');
    setMissing(!isTyped && !ticked ? {} : undefined);
    if (here.status === 'busy' || (!isTyped && !ticked)) return;
    void here.confirm(isTyped && typeof typed === 'string' ? typed : undefined).then((answer) => {
      if (answer) onSaved?.(answer);
    });
  };
  const told = missing ? words.t('hint.backup.not_saved') : problem;
  return (
    <form className="mfa-form" ref={form} onSubmit={submit} noValidate>
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
              aria-describedby={told ? describes : undefined}
              onChange={(event) => setTicked(event.target.checked)}
            />{' '}
            {words.t('codes.saved')}
          </label>
          {told ? (
            <div id={describes}>
              <Notice kind="problem">{told}</Notice>
            </div>
          ) : null}
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
  const wasOver = useRef(isOver);
  const latest = useRef(onOver);
  useEffect(() => {
    latest.current = onOver;
  });
  useEffect(() => {
    if (!isOver) return undefined;
    // A clock that runs ahead of the server's asks now and then, not in a circle.
    const timer = setTimeout(() => latest.current(), wasOver.current ? 5000 : 0);
    return () => clearTimeout(timer);
  }, [isOver]);
  return Math.max(0, left);
}
