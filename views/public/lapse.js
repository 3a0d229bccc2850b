// Says how long backup codes that are shown still wait for "Finish": the sentence follows the clock in silence, and for the
// last two minutes a warning stands beside it, which is read out once (WCAG 2.2 SC 2.2.1). The end itself is the server's.
const warnSeconds = 120;

for (const place of document.querySelectorAll('[data-mfa-lapse]')) {
  const sentence = place.previousElementSibling;
  const words = new Intl.RelativeTimeFormat(place.closest('[lang]')?.lang || 'en', { numeric: 'always' });
  const until = Date.now() + Number(place.dataset.mfaLapse) * 1000;

  // A live region that is given the same text again may be read out again.
  const write = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
  };
  const warn = (text) => {
    place.classList.add('mfa-note');
    write(place, text);
  };
  const say = () => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    if (seconds <= 0) {
      clearInterval(timer);
      sentence.hidden = true;
      warn(place.dataset.over);
      return;
    }
    const wait = seconds < 60 ? words.format(seconds, 'second') : words.format(Math.ceil(seconds / 60), 'minute');
    write(sentence, sentence.dataset.words.replace('{when}', wait));
    if (seconds <= warnSeconds) warn(place.dataset.soon);
  };
  const timer = setInterval(say, 1000);
  say();
}
