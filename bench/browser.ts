// A client of the benchmarks, over HTTP. Knows no app.

/** Sends JSON and keeps cookies. */
export function createBrowser(origin: string) {
  const jar = new Map<string, string>();
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const browse = async (path: string, body?: object, csrf = ''): Promise<{ [field: string]: string }> => {
    const answer = await fetch(`${origin}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/json',
        cookie: cookie(),
        'X-CSRF-Token': csrf,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    return (text === '' ? {} : JSON.parse(text)) as { [field: string]: string };
  };
  return Object.assign(browse, { cookie });
}
