// Where the focus goes: to the field that something is wrong with, to the heading of what has just come, back to where a question was
// opened. Fields and buttons are found in the document: a part that an app draws itself is handed no ref, and before React 19 could not be.
import { useEffect, useRef, type RefObject } from 'react';

/** The form whose first input is focused when a problem comes. */
export function useFocusOnProblem(problem: unknown): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (problem) form.current?.querySelector<HTMLElement>('[aria-invalid=true], input')?.focus();
  }, [problem]);
  return form;
}

/** Where an element that had the focus went, nothing has it. Somebody who types elsewhere is not disturbed. */
const isLost = () => document.activeElement === null || document.activeElement === document.body;

/** The element that is focused where `what` became another and the focus went with it; not at first, nor while it is unknown. */
export function useFocusOnChange<E extends HTMLElement>(what: unknown): RefObject<E | null> {
  const element = useRef<E>(null);
  const before = useRef(what);
  useEffect(() => {
    if (what === undefined) return;
    if (before.current !== undefined && before.current !== what && isLost()) element.current?.focus();
    before.current = what;
  }, [what]);
  return element;
}

/** The element whose last button is focused when what was open in it is closed. */
export function useFocusOnClose<E extends HTMLElement>(isOpen: boolean): RefObject<E | null> {
  const element = useRef<E>(null);
  const before = useRef(isOpen);
  useEffect(() => {
    if (before.current && !isOpen && isLost())
      [...(element.current?.querySelectorAll<HTMLElement>('button') ?? [])].pop()?.focus();
    before.current = isOpen;
  }, [isOpen]);
  return element;
}
