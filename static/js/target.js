// What is typed while endpoints or project are being filled in stays: the answer draws their boxes as they were when it
// was asked for, so what came later is put back. htmx itself gives the focus back, by the box's id.
const typedAt = new Map(); // id of a box -> when somebody typed in it last
const sentAt = new WeakMap(); // request -> when it was sent
const late = new WeakMap(); // request -> texts by the ids of their boxes that were typed since

document.addEventListener("input", ({ target }) => typedAt.set(target.id, performance.now()));
document.addEventListener("htmx:beforeRequest", ({ detail: { xhr } }) => sentAt.set(xhr, performance.now()));
document.addEventListener("htmx:beforeSwap", ({ detail: { xhr } }) => {
  const since = [...typedAt].filter(([, at]) => at > sentAt.get(xhr)).map(([id]) => id);
  late.set(xhr, since.map((id) => [id, document.getElementById(id)?.value]));
});
document.addEventListener("htmx:afterSwap", ({ detail: { xhr } }) => {
  for (const [id, text] of late.get(xhr) ?? []) {
    const box = document.querySelector(`#target input[type=text]#${CSS.escape(id)}`);
    if (box && text !== undefined) box.value = text;
  }
});
