// What every page does beyond HTML: progress, polling manners, confirming, copying, sending once.
(() => {
  const root = document.documentElement;
  let running = 0;

  const count = (step) => {
    running = Math.max(0, running + step);
    root.classList.toggle("is-loading", running > 0);
  };

  document.addEventListener("htmx:before:request", (event) => {
    if (!event.detail.ctx.sourceElement.matches("[data-quiet]")) count(1);
  });
  document.addEventListener("htmx:finally:request", (event) => {
    if (!event.detail.ctx.sourceElement.matches("[data-quiet]")) count(-1);
  });

  // A page in the background need not ask again and again.
  document.addEventListener("htmx:config:request", (event) => {
    if (document.hidden && event.detail.ctx.sourceElement.matches("[data-poll]")) event.preventDefault();
  });

  // Signed out meanwhile: the answer is the sign-in page, which belongs in the window, not in a card.
  document.addEventListener("htmx:before:swap", (event) => {
    const response = event.detail.ctx?.response?.raw;
    if (response?.redirected && new URL(response.url).pathname.startsWith("/accounts/")) {
      event.preventDefault();
      window.location.reload();
    }
  });

  // <form data-confirm="…">: a question before something that cannot be taken back.
  document.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.confirm || event.target.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  // A form is sent once, however often its button is pressed; back and forward make it usable again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "get") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    event.submitter?.classList.add("btn-loading");
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
    document.querySelectorAll(".btn-loading").forEach((button) => button.classList.remove("btn-loading"));
  });

  // Back to a form that was sent: it keeps its key, so that sending it again makes nothing twice.
  const key = () => document.querySelector("input[type=hidden][name=form_key]");
  document.addEventListener("DOMContentLoaded", () => {
    if (!key()) return;
    if (history.state?.formKey) key().value = history.state.formKey;
    else history.replaceState({ ...history.state, formKey: key().value }, "");
  });

  // <button data-copy="text" data-copied="Copied">
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const label = button.querySelector("[data-copy-label]") || button;
    const before = label.textContent;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      window.prompt(button.textContent.trim(), button.dataset.copy); // no clipboard over plain http
      return;
    }
    label.textContent = button.dataset.copied || before;
    setTimeout(() => (label.textContent = before), 2000);
  });

  // The form errors' summary is read first.
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelector("[data-focus]")?.focus();
    // <select data-time-zone="device">: begins with the zone of this device.
    document.querySelectorAll("[data-time-zone]").forEach((select) => {
      const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      if (select.value === "UTC" && [...select.options].some((option) => option.value === zone)) select.value = zone;
    });
    // <select data-submit>: sends its form when changed.
    document.addEventListener("change", (event) => {
      if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
    });
  });
})();
