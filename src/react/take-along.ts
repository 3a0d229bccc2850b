// What takes codes out of the page: the clipboard, a file, paper. Each leaves nothing behind in the page.

/** @returns whether it is in the clipboard */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** As a download; the address of the content lives no longer than that. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 0);
}

/**
 * On a page of its own, so that nothing else of the app is printed; which goes as soon as the dialog is closed.
 * @returns takes it away before
 */
export function printText(title: string, lines: readonly string[]): () => void {
  const frame = document.createElement('iframe');
  frame.title = title;
  // Out of sight, and drawn: what is not displayed some browsers print empty.
  Object.assign(frame.style, { position: 'fixed', top: '0', width: '0', height: '0', border: '0' });
  frame.ariaHidden = 'true';
  frame.tabIndex = -1;
  const remove = () => frame.remove();
  document.body.append(frame);
  const page = frame.contentDocument;
  const view = frame.contentWindow;
  if (!page || !view) return remove;
  const heading = page.createElement('h1');
  heading.textContent = title;
  const list = page.createElement('pre');
  list.textContent = lines.join('\n');
  page.body.append(heading, list);
  view.addEventListener('afterprint', remove);
  view.print();
  return remove;
}
