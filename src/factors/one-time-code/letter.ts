// Makes the two parts of an e-mail from paragraphs. The HTML part loads nothing and links nothing but the page named by
// {{objectUrl}}: no image, no tracking, no button that acts.
import { escapeHtml, fill } from './templates.js';
import type { Letter, Template, Values } from './templates.js';

const page = 'margin:0;padding:24px;background:#ffffff;color:#1a1a1a;font:16px/1.5 system-ui,sans-serif';
const big = 'margin:0 0 16px;font:700 28px/1.3 ui-monospace,monospace;letter-spacing:4px';

/** A paragraph that would say nothing, because all it has to say are placeholders without a value, is left out. */
export function templateOf(letter: Letter, values: Values): Required<Template> {
  const said = letter.paragraphs.filter((paragraph) => {
    const isOnlyValues = paragraph.replace(/\{\{\s*[A-Za-z]+\s*\}\}/g, '').trim() === '';
    return !isOnlyValues || fill(paragraph, values, 'text').trim() !== '';
  });
  return { subject: letter.subject, text: `${said.join('\n\n')}\n`, html: htmlOf(said) };
}

/** The paragraphs of a text, for templates that have no HTML part of their own. */
export function paragraphsOf(text: string): string[] {
  return text
    .replace(/\r\n?/g, '\n')
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.trim())
    .filter(Boolean);
}

export function htmlOf(paragraphs: readonly string[]): string {
  return [
    '<!doctype html>',
    '<html lang="{{language}}">',
    '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{appName}}</title></head>',
    `<body style="${page}">`,
    ...paragraphs.map(htmlParagraph),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function htmlParagraph(paragraph: string): string {
  if (paragraph === '{{code}}') return `<p style="${big}">{{code}}</p>`;
  const lines = paragraph.split('\n').map(escapeHtml).join('<br>');
  return `<p style="margin:0 0 16px">${lines.replace('{{objectUrl}}', '<a href="{{objectUrl}}">{{objectUrl}}</a>')}</p>`;
}
