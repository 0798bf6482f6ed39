"""The page of simulated phones: one number at a time, its texts, links to tap, and an answer."""

from typing import Final

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' "
    "data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HTML: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Practice phone</title>
<link rel="stylesheet" href="phone.css">
<main>
  <h1>Practice phone</h1>
  <p>Texts of the practice carrier. They reach no real phone.</p>
  <label>Number <input id="number" list="numbers" inputmode="tel" autocomplete="off"></label>
  <datalist id="numbers"></datalist>
  <ol id="texts" aria-live="polite" aria-label="Texts"></ol>
  <form id="answer">
    <label>Text <textarea id="text" rows="2" maxlength="1600"></textarea></label>
    <label>Photo <input id="photo" type="file" accept="image/*,video/*"></label>
    <button>Send</button>
  </form>
  <p id="said" role="status"></p>
</main>
<script src="phone.js"></script>
</html>
"""
CSS: Final = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 26rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.25rem; margin: 0; }
label { display: block; margin: 0.5rem 0; }
input, textarea, button { font: inherit; width: 100%; box-sizing: border-box; padding: 0.5rem; }
button { min-height: 2.75rem; }
ol { list-style: none; margin: 1rem 0; padding: 0; display: flex; flex-direction: column; }
li { padding: 0.5rem 0.75rem; margin: 0.25rem 0; border: 1px solid currentcolor; max-width: 85%;
  border-radius: 0.75rem; white-space: pre-wrap; overflow-wrap: anywhere; align-self: flex-start; }
li.from_phone { align-self: flex-end; border-style: dashed; }
"""
SCRIPT: Final = r"""
const at = (id) => document.getElementById(id);
const own = new URLSearchParams(location.search).get("number");
if (own) at("number").value = own;
let shown = "";

function text(one) {
  const item = document.createElement("li");
  item.className = one.direction;
  for (const part of one.text.split(/(https?:\/\/\S+)/)) {
    if (/^https?:\/\//.test(part)) {
      const link = document.createElement("a");
      link.href = part;
      link.target = "_blank";
      link.rel = "noopener noreferrer";
      link.textContent = part;
      item.append(link);
    } else item.append(part);
  }
  if (one.media.length) item.append(` [${one.media.length} photo]`);
  return item;
}

async function look() {
  const number = at("number").value.trim();
  const answer = await fetch(`phone/texts?number=${encodeURIComponent(number)}`);
  const told = await answer.json();
  if (!number && told.numbers.length) at("number").value = told.numbers[0];
  const now = JSON.stringify(told);
  if (now === shown) return;
  shown = now;
  at("numbers").replaceChildren(
    ...told.numbers.map((one) => Object.assign(document.createElement("option"), { value: one })),
  );
  at("texts").replaceChildren(...told.texts.map(text));
}

at("answer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = { number: at("number").value.trim(), text: at("text").value, photo: null };
  const file = at("photo").files[0];
  if (file) {
    const url = await new Promise((done) => {
      const reader = new FileReader();
      reader.onload = () => done(reader.result);
      reader.readAsDataURL(file);
    });
    body.photo = { content_type: file.type, base64: url.slice(url.indexOf(",") + 1) };
  }
  const answer = await fetch("phone/texts", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  at("said").textContent = answer.ok ? "" : "It could not be sent.";
  if (answer.ok) at("answer").reset();
  await look();
});

setInterval(() => look().catch(() => {}), 1000);
look().catch(() => {});
"""
