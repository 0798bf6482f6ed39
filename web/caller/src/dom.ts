type Props<K extends keyof HTMLElementTagNameMap> = Partial<Omit<HTMLElementTagNameMap[K], "style" | "role">> & { role?: string };

/** Makes an element; texts are texts, never markup. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props<K> = {}, ...children: (Node | string | null)[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  const { role, ...rest } = props;
  if (role !== undefined) element.setAttribute("role", role);
  Object.assign(element, rest);
  element.append(...children.filter((child) => child !== null));
  return element;
}

export function button(text: string, onclick: () => void, className = ""): HTMLButtonElement {
  return h("button", { type: "button", className, onclick }, text);
}

/** Changes a text only if it is another one: a screen reader says it again otherwise. */
export function say(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = text === "";
}

/** Shows a page from its top; the focus goes to its heading, so that it is read. */
export function show(page: HTMLElement, ...children: (Node | null)[]): void {
  page.replaceChildren(...children.filter((child) => child !== null));
  const heading = page.querySelector("h1");
  if (heading !== null) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
  scrollTo(0, 0);
}
