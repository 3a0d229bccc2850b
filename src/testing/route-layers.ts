// One layer of an Express router: where it is mounted, what it matches, and a path that would meet it. The shapes are
// those of Express 4 (path-to-regexp 0.1) and Express 5 (router 2); none of them is documented, so all is checked.

type Handle = ((...values: unknown[]) => unknown) & { name: string };

export type RouteLayer = {
  path: string | RegExp | unknown[];
  methods: { [method: string]: boolean };
  stack: { handle: Handle; method?: string }[];
};

export type Layer = {
  handle: Handle;
  route?: RouteLayer;
  match(path: string): boolean;
  /** What of the path the last match took. */
  path?: string;
  /** Express 4. */
  regexp?: RegExp & { fast_slash?: boolean; fast_star?: boolean };
  keys?: { name: string | number }[];
  /** Express 5: meets every path. */
  slash?: boolean;
  /** Express 5, of late: the path as it was mounted. */
  rawPath?: unknown;
};

/** Where a layer is mounted. `shown` is absent where Express does not tell, `sample` where none could be made up. */
export type Mount = { shown?: string; sample?: string | undefined };

const meetsAll = (layer: Layer) => layer.slash === true || layer.regexp?.fast_slash === true;

/** The mount paths of a layer under `use`; several where it was mounted with a list. */
export function mountsOf(layer: Layer): Mount[] {
  if (meetsAll(layer)) return [{ shown: '/', sample: '' }];
  if (layer.rawPath !== undefined) {
    const paths = Array.isArray(layer.rawPath) ? (layer.rawPath as unknown[]) : [layer.rawPath];
    return paths.map((path) =>
      typeof path === 'string' ? mountAt(layer, path) : { shown: String(path), sample: undefined },
    );
  }
  // A list of paths is one regular expression of alternatives.
  const source = layer.regexp?.source.replace(/^\(\?:(\^.*)\)$/, '$1');
  const written = source?.split(/\|(?=\^)/).map(fromSource) ?? [undefined];
  return written.map((path) => (path === undefined ? {} : mountAt(layer, path)));
}

function mountAt(layer: Layer, path: string): Mount {
  return path === '/' ? { shown: '/', sample: '' } : { shown: path, sample: sampleOf(layer, path.replace(/\/+$/, '')) };
}

/** Whether the layer meets that path, as its router sees it; of an unknown path only where it meets every path. */
export function matches(layer: Layer, path: string | undefined): boolean {
  if (meetsAll(layer) || layer.regexp?.fast_star === true) return true;
  if (path === undefined) return false;
  try {
    return layer.match(path === '' ? '/' : path);
  } catch {
    return false;
  }
}

/** The part of a path that a mounted router is left with. */
export function restOf(layer: Layer, path: string | undefined): string | undefined {
  if (path === undefined || meetsAll(layer)) return path;
  if (!matches(layer, path)) return undefined;
  const rest = path.slice((layer.path ?? '').length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** A path that meets the pattern: `x` for each name, nothing for what is optional; checked, or undefined. */
export function sampleOf(layer: Layer, pattern: string): string | undefined {
  for (const word of ['x', '1']) {
    let sample = pattern.replace(/\\(.)/g, '$1');
    for (let before = ''; before !== sample;) {
      before = sample;
      sample = sample.replace(/\{[^{}]*\}/g, '');
    }
    sample = sample
      .replace(/\/?:\w+(\([^()]*\))?\?/g, '')
      .replace(/:("[^"]*"|\w+)(\([^()]*\))?[+*]?/g, word)
      .replace(/\*("[^"]*"|\w*)/g, word);
    if (matches(layer, sample)) return sample;
  }
  return undefined;
}

/** The path behind a regular expression of Express 4, where it holds nothing but names. */
function fromSource(source: string): string | undefined {
  const path = source
    .replace(/^\^/, '')
    .replace(/\\\/\?\(\?=\\\/\|\$\)$/, '')
    .replace(/\(\?=\\\/\|\$\)$/, '')
    .replace(/(?:\(\?:\\\/|\\\/\(\?:)\(\[\^\\?\/\]\+\?\)\)/g, '/:name')
    .replace(/\\([/.])/g, '$1');
  return /[()[\]?+^$|\\]/.test(path) ? undefined : path || '/';
}
