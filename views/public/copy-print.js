// Copies backup codes or a key, or prints the codes. The buttons are hidden until this script runs; "Download" needs no script.
for (const button of document.querySelectorAll('[data-mfa-copy]')) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const source = document.getElementById(button.dataset.mfaCopy);
    const items = [...source.querySelectorAll('li')].map((item) => item.textContent.trim());
    // A key is read in groups of four, and copied without the gaps.
    const text = items.length > 0 ? items.join('\n') : source.textContent.replace(/\s/g, '');
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      button.hidden = true;
      return;
    }
    const status = document.querySelector('[data-mfa-copied]');
    if (status) status.textContent = button.dataset.done;
  });
}
for (const button of document.querySelectorAll('[data-mfa-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}
