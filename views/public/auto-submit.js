// Sends the form with the last digit of a code, where the app wants that (`brand.autoSubmit`); once, until it is shown again.
for (const input of document.querySelectorAll('[data-mfa-submit-at]')) {
  let sent = false;
  window.addEventListener('pageshow', () => (sent = false));
  input.addEventListener('input', () => {
    const digits = input.value.replace(/[\s-]/g, '');
    if (sent || !/^\d+$/.test(digits) || digits.length !== Number(input.dataset.mfaSubmitAt)) return;
    sent = true;
    input.form.requestSubmit();
  });
}
