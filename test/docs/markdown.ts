// Reads the project's Markdown as data: code blocks, tables, headings, anchors, links. Judges nothing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles, root } from '../architecture/sources.js';

export type Block = { page: string; line: number; language: string; code: string };
export type Link = { page: string; line: number; to: string };

const topPages = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'];

/** Every page that a reader may open, by its path from the root. */
export function listPages(): string[] {
  return [...topPages, ...listFiles(['docs'], '.md')];
}

export function readPage(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}

/** Code between fences of three backticks, indented ones included. */
export function blocksOf(page: string, text = readPage(page)): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const fence = /^\s*```(\S*)\s*$/.exec(line);
    if (open && fence) {
      blocks.push(open);
      open = undefined;
    } else if (open) open.code += `${line}\n`;
    else if (fence) open = { page, line: index + 2, language: fence[1] ?? '', code: '' };
  }
  if (open) throw new Error(`${page}: the code block of line ${open.line} never ends.`);
  return blocks;
}

/** The text without its code blocks, line for line. */
function proseOf(text: string): string[] {
  let inside = false;
  return text.split('\n').map((line) => {
    if (/^\s*```/.test(line)) {
      inside = !inside;
      return '';
    }
    return inside ? '' : line;
  });
}

/** The part under a heading, up to the next one of the same or a higher level. */
export function sectionOf(page: string, heading: string): string {
  const text = readPage(page);
  const found = new RegExp(`^(#+) ${heading.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`, 'm').exec(text);
  if (!found) throw new Error(`${page} has no heading "${heading}".`);
  const rest = text.slice(found.index + found[0].length);
  const end = new RegExp(`^#{1,${found[1]?.length ?? 1}} `, 'm').exec(rest);
  return end ? rest.slice(0, end.index) : rest;
}

/** The cells of every table row but heads and rules. A bar inside is written `\|`. */
export function rowsOf(text: string): string[][] {
  const lines = proseOf(text);
  return lines
    .filter((line, index) => line.startsWith('|') && !isRule(line) && !isRule(lines[index + 1] ?? ''))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.replaceAll('\\|', '|').trim()),
    );
}

const isRule = (line: string) => /^\|[\s:|-]+\|$/.test(line);

/** What stands in backticks. */
export function codesIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

/** Links that lead into this repository: not `https:` and `mailto:`. */
export function linksOf(page: string): Link[] {
  return proseOf(readPage(page)).flatMap((line, index) =>
    [...line.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, to = '']) => ({ page, line: index + 1, to }))
      .filter(({ to }) => !/^(https?|mailto):/.test(to)),
  );
}

/** Where a link may lead within a page: headings as GitHub names them, and `<a id="…">`. */
export function anchorsOf(page: string): Set<string> {
  const prose = proseOf(readPage(page));
  const headings = prose
    .map((line) => /^#+ (.+)$/.exec(line)?.[1])
    .filter((heading) => heading !== undefined)
    .map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-'),
    );
  const ids = prose.flatMap((line) => [...line.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id));
  return new Set([...headings, ...ids]);
}
