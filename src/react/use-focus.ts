// Where the focus goes: to the field that something is wrong with, to the heading of what has just come.
import { useEffect, useRef, type RefObject } from 'react';

/** The element that is focused when a problem comes. */
export function useFocusOnProblem<E extends HTMLElement>(problem: unknown): RefObject<E | null> {
  const element = useRef<E>(null);
  useEffect(() => {
    if (problem) element.current?.focus();
  }, [problem]);
  return element;
}

/** The element that is focused whenever `what` becomes another, not at first. */
export function useFocusOnChange<E extends HTMLElement>(what: unknown): RefObject<E | null> {
  const element = useRef<E>(null);
  const before = useRef(what);
  useEffect(() => {
    if (before.current !== what) element.current?.focus();
    before.current = what;
  }, [what]);
  return element;
}
