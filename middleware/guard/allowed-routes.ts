// What `allow` lists, compared with the path of a request: letter by letter, but for segments that are parameters. A
// parameter is one segment and nothing that whatever serves files would take for more.
import type { Request } from 'express';
import type { AllowedRoute } from '../../src/options.js';
import { pathOf } from '../http/safe-path.js';

type Matches = (path: string) => boolean;

const known = new Map<string, Matches>();

/** Whether one of these routes is this request's, by its path as it came and its method. */
export function isAmong(allow: readonly AllowedRoute[], req: Request): boolean {
  const path = pathOf(req);
  return allow.some((route) =>
    typeof route === 'string'
      ? matches(route, path)
      : route.method.toUpperCase() === req.method && matches(route.path, path),
  );
}

function matches(route: string, path: string): boolean {
  if (!route.includes('/:')) return route === path;
  const own = known.get(route) ?? matcherOf(route);
  known.set(route, own);
  return own(path);
}

function matcherOf(route: string): Matches {
  const wanted = route.split('/');
  return (path) => {
    const given = path.split('/');
    return (
      given.length === wanted.length &&
      wanted.every((part, at) => (part.startsWith(':') ? isOneSegment(given[at] ?? '') : part === given[at]))
    );
  };
}

/** `..%2fadmin` is one segment to Express, and two steps to a folder of files. */
function isOneSegment(given: string): boolean {
  try {
    const said = decodeURIComponent(given);
    return said !== '' && said !== '.' && said !== '..' && !/[/\\\u0000-\u001f]/.test(said);
  } catch {
    return false;
  }
}
