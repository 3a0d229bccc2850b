// Counts a wait down in words, in the page's language, and opens what waits for it when it is over: a button, a locked
// field, a method in the list. The wait itself is the server's: without this script nothing opens any sooner.
for (const line of document.querySelectorAll('[data-mfa-wait]')) {
  const lock = line.closest('[data-mfa-lock]');
  const button = lock ? undefined : line.closest('form')?.querySelector('button');
  const words = new Intl.RelativeTimeFormat(line.closest('[lang]')?.lang || 'en', { numeric: 'always' });
  const until = Date.now() + Number(line.dataset.mfaWait) * 1000;
  if (button) button.disabled = true;

  const end = () => {
    if (lock) return open(lock);
    const method = line.closest('[data-mfa-url]');
    if (method) return offer(method, line);
    line.hidden = true;
    if (button && !button.matches('[data-mfa-locked]')) button.disabled = false;
  };
  const say = () => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    if (seconds <= 0) {
      clearInterval(timer);
      end();
      return;
    }
    const wait = seconds < 60 ? words.format(seconds, 'second') : words.format(Math.ceil(seconds / 60), 'minute');
    const text = (line.dataset.words ?? '{when}').replace('{when}', wait);
    if (line.textContent !== text) line.textContent = text;
  };
  const timer = setInterval(say, 1000);
  say();
}

/** The wait is over: said once, in a region that was there before, so that it is read out. */
function open(lock) {
  lock.hidden = true;
  for (const control of document.querySelectorAll('[data-mfa-locked]')) {
    control.disabled = false;
    control.removeAttribute('data-mfa-locked');
  }
  const place = document.querySelector('[data-mfa-over]');
  place?.classList.add('mfa-note', 'is-good');
  if (place) place.textContent = place.dataset.mfaOver;
}

function offer(method, line) {
  line.textContent = line.dataset.then;
  const link = Object.assign(document.createElement('a'), { className: 'mfa-choice', href: method.dataset.mfaUrl });
  link.append(...method.childNodes);
  method.replaceWith(link);
}
