// Says times in the browser's own zone, where the server does not know the person's. Without this script they stand in
// UTC, which they say.
const styles = {
  date: { dateStyle: 'long' },
  dateTime: { year: 'numeric', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' },
  timeOfDay: { hour: 'numeric', minute: '2-digit' },
};
for (const element of document.querySelectorAll('time[data-mfa-time]')) {
  const language = element.closest('[lang]')?.lang || 'en';
  const words = new Intl.DateTimeFormat(language, styles[element.dataset.mfaTime]);
  element.textContent = words.format(new Date(element.dateTime));
}
