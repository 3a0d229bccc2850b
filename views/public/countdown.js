// Counts a wait down in words, in the page's language, and opens the button when it is over. The wait itself is the
// server's: without this script the button can be pressed at once and is refused there.
for (const line of document.querySelectorAll('[data-mfa-wait]')) {
  const button = line.closest('form')?.querySelector('button');
  const words = new Intl.RelativeTimeFormat(line.closest('[lang]')?.lang || 'en', { numeric: 'always' });
  const until = Date.now() + Number(line.dataset.mfaWait) * 1000;
  if (button) button.disabled = true;

  const say = () => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    if (seconds <= 0) {
      clearInterval(timer);
      line.hidden = true;
      if (button) button.disabled = false;
      return;
    }
    const wait = seconds < 60 ? words.format(seconds, 'second') : words.format(Math.ceil(seconds / 60), 'minute');
    line.textContent = line.dataset.words.replace('{when}', wait);
  };
  const timer = setInterval(say, 1000);
  say();
}
