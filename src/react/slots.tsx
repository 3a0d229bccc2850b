// The parts that every component is made of, without style: an app that has its own hands them to the provider. Each bears a class, and
// is handed no ref.
import { useId, type ComponentPropsWithoutRef, type ComponentType, type ReactNode } from 'react';

/** What a `Button` takes: all of `<button>`. */
export type ButtonProps = ComponentPropsWithoutRef<'button'>;

/** What a `Field` takes: all of `<input>`, and its words. */
export type FieldProps = ComponentPropsWithoutRef<'input'> & {
  label: ReactNode;
  hint?: ReactNode;
  /** What is wrong with what was entered. */
  problem?: ReactNode;
};

/** What a `Notice` takes. */
export type NoticeProps = {
  /** `problem`: said at once; `note`: said when there is time. */
  kind: 'problem' | 'note';
  children?: ReactNode;
};

/** What an app can draw itself. */
export type Slots = {
  Button: ComponentType<ButtonProps>;
  Field: ComponentType<FieldProps>;
  Notice: ComponentType<NoticeProps>;
};

function Button({ className = 'mfa-button', type = 'button', ...rest }: ButtonProps) {
  return <button className={className} type={type} {...rest} />;
}

function Field({ label, hint, problem, id, className = 'mfa-input', ...rest }: FieldProps) {
  const made = useId();
  const own = id ?? made;
  const described = [hint ? `${own}-hint` : '', problem ? `${own}-problem` : ''].filter(Boolean).join(' ');
  return (
    <div className="mfa-field">
      <label htmlFor={own}>{label}</label>
      {hint ? (
        <p className="mfa-hint" id={`${own}-hint`}>
          {hint}
        </p>
      ) : null}
      <input
        id={own}
        className={className}
        aria-invalid={problem ? true : undefined}
        aria-describedby={described || undefined}
        {...rest}
      />
      {problem ? (
        <p className="mfa-problem" id={`${own}-problem`} role="alert">
          {problem}
        </p>
      ) : null}
    </div>
  );
}

function Notice({ kind, children }: NoticeProps) {
  return (
    <div className={`mfa-${kind}`} role={kind === 'problem' ? 'alert' : 'status'}>
      {children}
    </div>
  );
}

export const plainSlots: Slots = { Button, Field, Notice };
