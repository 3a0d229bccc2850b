// What the host's listener hears: everything, but what the guard stops is told once per person, reason and minute, with how
// many it stands for. Whoever is stopped can come back as often as they like, and so can each part of a page.
import type { Clock } from './core/kernel/ports.js';
import { stopEvents } from './core/rules/stops.js';
import type { MfaEvent } from './core/words/events.js';

const minuteMs = 60_000;
/** People and reasons remembered at once; who comes beyond is told singly. */
const most = 10_000;

/** Of one person and reason in this minute, after the one that was told: how many, since when, and the latest. */
type Counted = { count: number; first: string; latest: MfaEvent };

export type Listening = {
  hear(event: MfaEvent): void;
  /** Tells what was counted and not told yet. */
  flush(): void;
};

/** @param tell hands an event to the listener; never throws, never waits */
export function createListening(tell: (event: MfaEvent) => void, clock: Clock): Listening {
  let minute = 0;
  let counted = new Map<string, Counted>();
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    for (const each of counted.values()) {
      if (each.count === 0) continue;
      const { count, first, latest } = each;
      each.count = 0;
      tell({ ...latest, detail: { ...latest.detail, count, first } });
    }
  }

  /** Whoever was told of at its end counts as told of in the next minute, or each minute would tell twice. */
  function endMinute(nowMs: number): void {
    const now = Math.floor(nowMs / minuteMs);
    if (now === minute) return;
    minute = now;
    const lasting = [...counted].filter(([, { count }]) => count > 0);
    flush();
    counted = new Map(lasting);
  }

  function wait(): void {
    if (timer) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        endMinute(clock.now());
        if ([...counted.values()].some(({ count }) => count > 0)) wait();
      },
      minuteMs - (clock.now() % minuteMs),
    );
    timer.unref();
  }

  return {
    flush,
    hear(event) {
      endMinute(Date.parse(event.at));
      const key = keyOf(event);
      const there = key === undefined ? undefined : counted.get(key);
      if (!there) {
        if (key !== undefined && counted.size < most) counted.set(key, { count: 0, first: event.at, latest: event });
        tell(event);
        return;
      }
      if (there.count === 0) there.first = event.at;
      there.count += 1;
      there.latest = event;
      wait();
    },
  };
}

function isRepeated(name: MfaEvent['name']): boolean {
  return name === 'scim-token-refused' || stopEvents.has(name);
}

/** Undefined for what is always told by itself. What is stopped at our own pages (`detail.at`) is an answer to somebody. */
function keyOf({ name, userId = '', tenant = '', reason, detail }: MfaEvent): string | undefined {
  if (!isRepeated(name) || detail?.['at'] !== undefined) return undefined;
  return JSON.stringify([name, userId, tenant, reason, detail]);
}
