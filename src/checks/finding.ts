// One line of what checks say of an app: in the command line's `doctor`, and on the page of health.

export type Finding = { check: string; level: 'ok' | 'warn' | 'fail'; text: string };

/** Collects findings; `ok` is said only where nothing else was said of the same check. */
export type Findings = {
  readonly all: readonly Finding[];
  ok(check: string, text: string): void;
  warn(check: string, text: string): void;
  fail(check: string, text: string): void;
};

export function createFindings(): Findings {
  const all: Finding[] = [];
  const add = (level: Finding['level']) => (check: string, text: string) => void all.push({ check, level, text });
  return {
    all,
    ok: (check, text) => {
      if (!all.some((one) => one.check === check)) add('ok')(check, text);
    },
    warn: add('warn'),
    fail: add('fail'),
  };
}
