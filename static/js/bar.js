// The stacked bar and its legend: colour, pattern, name and number, so that no share is told by colour alone.
import { draw } from "./icons.js";

const LOOKS = 6;
const NAME_FITS = 16; // percent of the width
const SIGN = 7.4; // px, a letter of a name on the average
const AROUND = 36; // px before, between and after name and number
const NUMBER_FITS = 3;

const lookOf = (place) => (place % LOOKS) + 1;
const fill = (look) => `url(#share-${look})`;
const filled = (look) => draw("rect", { width: "100%", height: "100%", fill: fill(look) });

/** Whether name and number stand in a part of this width, in percent of a bar that is `whole` px wide. */
const fits = (name, weight, width, whole) =>
  width > NAME_FITS && (!whole || (name.length + String(weight).length) * SIGN + AROUND < (whole * width) / 100);

function wordsOf({ name, weight, look }, width, whole) {
  if (width <= NUMBER_FITS) return [];
  const named = look !== "left" && fits(name, weight, width, whole);
  const number = draw("tspan", named ? { dx: 8 } : {}, String(weight));
  const place = named ? { x: 12 } : { x: "50%", "text-anchor": "middle" };
  const after = look === "left" && width > NAME_FITS ? " left" : "";
  return [draw("text", { ...place, y: "50%", dy: ".36em" }, named ? name : "", number, after)];
}

/** Draw the shares into the bar; what is missing to 100 stands at its end, what is too much has a dashed frame. */
export function drawBar(bar, shares) {
  const total = shares.reduce((sum, { weight }) => sum + Math.max(0, weight), 0);
  const whole = Math.max(100, total);
  const parts = shares.map((share, place) => ({ ...share, look: lookOf(place) })).filter(({ weight }) => weight > 0);
  if (total < 100) parts.push({ name: "left", weight: 100 - total, look: "left" });
  let start = 0;
  bar.replaceChildren(...parts.map((part) => {
    const width = (100 * part.weight) / whole;
    const box = { x: `${start}%`, width: `${width}%`, height: "100%", "data-share": part.look };
    start += width;
    return draw("svg", box, filled(part.look), ...wordsOf(part, width, bar.clientWidth));
  }));
  if (total > 100) {
    const over = 10000 / total;
    bar.append(draw("rect", { class: "over", x: `${over}%`, y: 2, width: `${100 - over}%`, height: 32 }));
  }
  bar.setAttribute("aria-label", `Traffic: ${parts.map(({ name, weight }) => `${name} ${weight}`).join(", ")}`);
}

/** Draw the legend: one entry for each row, zero or not. */
export function drawLegend(list, shares) {
  list.replaceChildren(...shares.map(({ name, weight }, place) => {
    const entry = document.createElement("li");
    const number = document.createElement("b");
    number.textContent = String(weight);
    entry.append(draw("svg", { class: "swatch", "aria-hidden": "true" }, filled(lookOf(place))), `${name} `, number);
    return entry;
  }));
}

/** Let the swatch beside a row wear the look of its place. */
export function wear(swatch, place) {
  swatch?.querySelector("rect")?.setAttribute("fill", fill(lookOf(place)));
}
