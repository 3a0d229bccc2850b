// Copies or prints the backup codes. Both buttons are hidden until this script runs; "Download" needs no script.
for (const button of document.querySelectorAll('[data-mfa-copy]')) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const items = document.querySelectorAll(`#${button.dataset.mfaCopy} li`);
    const text = [...items].map((item) => item.textContent.trim()).join('\n');
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
