// Names a browser for people, from a closed list. The header itself is never repeated: it is whatever the sender of the
// request wrote, and in a security message it would be read as ours.

const browsers: readonly [pattern: RegExp, name: string][] = [
  [/\bEdgA?(iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];

const systems: readonly [pattern: RegExp, name: string][] = [
  [/\b(iPhone|iPod)\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac(intosh| OS X)\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

/** `{ browser: 'Firefox', system: 'Linux' }`, as far as they are recognised. */
export function browserOf(userAgent: string | undefined): { browser?: string; system?: string } {
  const header = (userAgent ?? '').slice(0, 512);
  const browser = browsers.find(([pattern]) => pattern.test(header))?.[1];
  const system = systems.find(([pattern]) => pattern.test(header))?.[1];
  return { ...(browser === undefined ? {} : { browser }), ...(system === undefined ? {} : { system }) };
}

/** `Firefox · Linux`; undefined where nothing is recognised. */
export function nameBrowser(userAgent: string | undefined): string | undefined {
  const { browser, system } = browserOf(userAgent);
  const name = [browser, system].filter((part) => part !== undefined).join(' · ');
  return name === '' ? undefined : name;
}
