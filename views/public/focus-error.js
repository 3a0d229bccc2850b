// Brings the summary of errors into focus, where the browser did not honour `autofocus` on it.
const summary = document.querySelector('[data-mfa-focus]');
if (summary && document.activeElement !== summary) summary.focus();
