// `<StepUp>`: the dialog for a step in the middle of what the person does. One per app, anywhere below the provider; it is closed by
// doing the step, by Escape and by "Cancel", and whatever waited comes to an end.
import { useEffect, useRef } from 'react';
import { BackupCodes } from './backup-codes.js';
import { useStepUp } from './use-step-up.js';
import { useProvided } from './provider.js';
import { Verify } from './verify.js';

/** The dialog for a step in the middle of what the person does; once per app. */
export function StepUp() {
  const { words, slots, stepUps } = useProvided();
  const { Button } = slots;
  const { owed, done, cancel } = useStepUp();
  const dialog = useRef<HTMLDialogElement>(null);

  useEffect(() => stepUps.show(), [stepUps]);
  useEffect(() => {
    const element = dialog.current;
    if (owed && element && !element.open) element.showModal();
    if (!owed && element?.open) element.close();
  }, [owed]);

  return (
    <dialog ref={dialog} className="mfa-step-up" aria-labelledby="mfa-step-up-title" onCancel={cancel}>
      {owed && words ? (
        <>
          <h2 id="mfa-step-up-title">{words.t('verify.step_up')}</h2>
          {owed.step === 'verify' || owed.step === 'step-up' ? (
            <Verify kinds={owed.stepUp?.factors ?? owed.availableFactors} onDone={done} />
          ) : owed.step === 'save-backup-codes' ? (
            <BackupCodes headingLevel={3} onSaved={done} />
          ) : (
            <a href={owed.url}>{words.t(owed.step === 'recover' ? 'link.recover' : 'link.setup')}</a>
          )}
          <Button onClick={cancel}>{words.t('page.cancel')}</Button>
        </>
      ) : null}
    </dialog>
  );
}
