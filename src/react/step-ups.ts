// The steps that wait for the person, one at a time: each reason once, however many requests wait for it. Knows no component.
import type { OwedStep } from '../client/index.js';

export interface StepUps {
  /** The step to show now. */
  current(): OwedStep | undefined;
  /** @returns whether it was done; false at once where nothing shows steps */
  ask(owed: OwedStep): Promise<boolean>;
  /** Ends the step that is shown. */
  end(isDone: boolean): void;
  /** A component shows steps from now on. @returns ends that, and with it all that wait */
  show(): () => void;
  subscribe(listener: () => void): () => void;
}

type Waiting = { key: string; owed: OwedStep; promise: Promise<boolean>; resolve: (isDone: boolean) => void };

export function createStepUps(): StepUps {
  const listeners = new Set<() => void>();
  let waiting: Waiting[] = [];
  let showing = 0;
  const change = (next: Waiting[]) => {
    waiting = next;
    for (const listener of listeners) listener();
  };
  return {
    current: () => waiting[0]?.owed,
    ask(owed) {
      if (showing === 0) return Promise.resolve(false);
      const key = JSON.stringify([owed.step, owed.stepUp]);
      const same = waiting.find((each) => each.key === key);
      if (same) return same.promise;
      let resolve: Waiting['resolve'] = () => undefined;
      const promise = new Promise<boolean>((settle) => (resolve = settle));
      change([...waiting, { key, owed, promise, resolve }]);
      return promise;
    },
    end(isDone) {
      const [first, ...rest] = waiting;
      first?.resolve(isDone);
      change(rest);
    },
    show() {
      showing += 1;
      return () => {
        showing -= 1;
        if (showing > 0) return;
        for (const { resolve } of waiting) resolve(false);
        change([]);
      };
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
