// What a page does beside being drawn: links are followed without loading the application anew, citations are
// copied, and the place that was opened is scrolled to. No text of a report is ever made into HTML here.

const LISTENS = "rapportsvarListens";

export default function (component) {
  const { data, setTriggerValue } = component;
  const root = document.documentElement;
  root.lang = "sv";
  root.classList.remove("waits");
  window[LISTENS]?.abort();
  const listening = new AbortController();
  window[LISTENS] = listening;
  document.addEventListener("click", (event) => onClick(event, setTriggerValue), { signal: listening.signal });
  document.addEventListener("keydown", onKey, { signal: listening.signal });
  openIfWide();
  showLit(listening.signal);
  if (data?.uploader) translate(data.uploader, listening.signal);
  refocus();
  if (data?.scroll && window.rapportsvarScrolled !== data.token) keepInView(data.scroll);
  window.rapportsvarScrolled = data?.scroll ? data.token : null;
}

function isRunning() {
  return document.querySelector(".stApp")?.dataset.testScriptState === "running";
}

function onClick(event, setTriggerValue) {
  const link = event.target.closest?.("a[data-go]");
  if (link && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    document.documentElement.classList.add("waits");
    window.rapportsvarFocus = link.id || null;
    follow(link.getAttribute("href"), setTriggerValue);
    return;
  }
  const anchor = event.target.closest?.('.stHtml a[href^="#"]');
  if (anchor) {
    const target = document.getElementById(anchor.getAttribute("href").slice(1));
    if (target) {
      event.preventDefault();
      target.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
      focusOn(target);
    }
    return;
  }
  const step = event.target.closest?.("button[data-step]");
  if (step) stepTo(Number(step.dataset.step));
  const act = event.target.closest?.("button[data-act]");
  if (act && !act.disabled) {
    act.disabled = true;
    document.documentElement.classList.add("waits");
    setTriggerValue("act", { act: act.dataset.act, what: act.dataset.what ?? "" });
    setTimeout(() => (act.disabled = false), 4000);
    return;
  }
  const button = event.target.closest?.("button[data-copy]");
  if (button) copy(button);
}

// Another address of the same page is set by the page itself. Another page is gone to as the browser's own buttons
// do it: one step in the history, with its address whole, so that one step back is back.
function follow(href, setTriggerValue) {
  const target = new URL(href, document.baseURI);
  if (target.pathname === location.pathname) {
    setTriggerValue("go", href);
    return;
  }
  history.pushState({}, "", target);
  dispatchEvent(new PopStateEvent("popstate", { state: {} }));
}

function onKey(event) {
  if (event.key === " " && event.target.matches?.('a[role="checkbox"]')) {
    event.preventDefault();
    event.target.click();
    return;
  }
  if (event.key !== "/" || event.ctrlKey || event.metaKey) return;
  if (/^(input|textarea|select)$/i.test(event.target.tagName) || event.target.isContentEditable) return;
  const field = document.querySelector('[data-testid="stChatInputTextArea"], .stTextInput input');
  if (field) {
    event.preventDefault();
    field.focus();
  }
}

// What was pressed is drawn anew: whoever works by keyboard goes on from there rather than from the top.
function refocus(triesWhenDrawn = 40) {
  const id = window.rapportsvarFocus;
  if (!id) return;
  const target = document.getElementById(id);
  if (document.activeElement === document.body && target) target.focus({ preventScroll: true });
  if (isRunning()) setTimeout(refocus, 75);
  else if (triesWhenDrawn) setTimeout(() => refocus(triesWhenDrawn - 1), 75);
  else window.rapportsvarFocus = null;
}

async function copy(button) {
  const words = document.getElementById(button.dataset.copy);
  const label = button.dataset.label ?? button.textContent;
  button.dataset.label = label;
  let done = true;
  try {
    await navigator.clipboard.writeText(words.textContent);
  } catch {
    words.closest("details").open = true;
    getSelection().selectAllChildren(words);
    done = document.execCommand("copy");
  }
  button.textContent = done ? button.dataset.done : label;
  button.setAttribute("aria-live", "polite");
  setTimeout(() => (button.textContent = label), 3000);
}

// The place is held in view until all is drawn: what stands above it may still grow, and what has its name at first
// may be the place that was open before. Whoever moves the page meanwhile is left alone.
function keepInView(id, triesWhenDrawn = 20) {
  const moving = new AbortController();
  for (const moved of ["wheel", "touchmove", "pointerdown", "keydown"])
    addEventListener(moved, () => moving.abort(), { capture: true, passive: true, signal: moving.signal });
  let seen = null;
  const look = (tries) => {
    if (moving.signal.aborted) return;
    const target = document.getElementById(id);
    if (target && (target !== seen || !isInView(target))) bring(target);
    seen = target;
    if (isRunning() || tries) setTimeout(() => look(isRunning() ? triesWhenDrawn : tries - 1), 75);
    else moving.abort();
  };
  look(triesWhenDrawn);
}

function isInView(target) {
  const { top, bottom } = target.getBoundingClientRect();
  const around = target.closest(".panel-body")?.getBoundingClientRect();
  return bottom > Math.max(0, around?.top ?? 0) && top < Math.min(innerHeight, around?.bottom ?? innerHeight);
}

function bring(target) {
  const panel = target.closest(".panel-body");
  if (!panel || panel.scrollHeight <= panel.clientHeight) {
    target.scrollIntoView({ block: "center" });
    return;
  }
  panel.scrollTop += target.getBoundingClientRect().top - panel.getBoundingClientRect().top - panel.clientHeight / 3;
  const isBeside = matchMedia("(min-width: 1000px)").matches; // there it follows along by itself
  if (!isBeside || !isInView(target)) panel.closest(".panel").scrollIntoView({ block: isBeside ? "nearest" : "start" });
}

function stepTo(step) {
  const marks = [...document.querySelectorAll("mark.found")];
  if (!marks.length) return;
  const now = marks.findIndex((mark) => mark.classList.contains("now"));
  const next = marks[now < 0 ? (step > 0 ? 0 : marks.length - 1) : (now + step + marks.length) % marks.length];
  marks[now]?.classList.remove("now");
  next.classList.add("now");
  next.scrollIntoView({ block: "center" });
  const count = document.querySelector("[data-count]");
  if (count) count.textContent = count.dataset.count.replace("{}", marks.indexOf(next) + 1);
}

function openIfWide(tries = 400) {
  const boxes = document.querySelectorAll("details[data-open-if-wide]:not([data-seen])");
  for (const box of boxes) {
    box.open = matchMedia("(min-width: 1000px)").matches;
    box.dataset.seen = "";
  }
  if (!boxes.length && tries) setTimeout(() => openIfWide(tries - 1), 75);
}

// A lit cell of a report that is read is brought into its table's place where the table is wider, as far as needed
// once all has its width; a table that the reader has moved stays where it is.
function showLit(signal) {
  const bring = () => {
    for (const scroller of document.querySelectorAll(".report-text .scroller:has(td.lit)")) {
      const shown = Number(scroller.dataset.shown ?? 0);
      if (Math.abs(scroller.scrollLeft - shown) > 1) continue;
      const right = scroller.querySelector("td.lit").getBoundingClientRect().right + scroller.scrollLeft;
      const needed = right - scroller.getBoundingClientRect().right + 12;
      scroller.scrollLeft = needed > 12 ? needed : 0;
      scroller.dataset.shown = scroller.scrollLeft;
    }
  };
  const watching = new MutationObserver(bring);
  watching.observe(document.body, { childList: true, subtree: true });
  signal.addEventListener("abort", () => watching.disconnect());
  for (const wait of [0, 300, 1200]) setTimeout(bring, wait);
}

// Streamlit's field for files knows English only. Its words are changed where they stand, so that what is read
// aloud is what is seen.
function translate(words, signal) {
  const say = (selector, text, root = document) => {
    for (const element of root.querySelectorAll(selector)) if (element.textContent !== text) element.textContent = text;
  };
  const change = () => {
    for (const field of document.querySelectorAll('[data-testid="stFileUploader"]')) {
      say('[data-testid="stFileUploaderDropzone"] button p', words.choose, field);
      say('[data-testid="stFileUploaderDropzoneInstructions"] span', words.drop, field);
      say('[data-testid="stFileUploaderFileErrorMessage"]', words.large, field);
      const input = field.querySelector("input[type=file]");
      if (input?.ariaLabel !== words.field) input?.setAttribute("aria-label", words.field);
      for (const button of field.querySelectorAll('[data-testid="stFileUploaderDeleteBtn"] button'))
        if (button.ariaLabel !== words.remove) button.setAttribute("aria-label", words.remove);
    }
  };
  const watching = new MutationObserver(change);
  watching.observe(document.body, { childList: true, subtree: true });
  signal.addEventListener("abort", () => watching.disconnect());
  change();
}

function focusOn(target) {
  if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
