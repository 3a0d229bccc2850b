// Takes the code out of the text message where the browser offers that (WebOTP): the person allows it, and sends the form.
// The message is bound to this origin, so that no other site gets the code.
if ('OTPCredential' in window) {
  for (const input of document.querySelectorAll('[data-mfa-web-otp]')) {
    const waiting = new AbortController();
    input.form.addEventListener('submit', () => waiting.abort());
    navigator.credentials
      .get({ otp: { transport: ['sms'] }, signal: waiting.signal })
      .then((message) => {
        if (!message || input.disabled) return;
        input.value = message.code;
        input.dispatchEvent(new Event('input', { bubbles: true }));
      })
      // Refused by the person, or the form was sent first: the code can be entered as ever.
      .catch(() => undefined);
  }
}
