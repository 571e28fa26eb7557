// On narrow screens the places are one row that scrolls: the present one is brought into view. Only the row is scrolled,
// at once and without motion; scrollIntoView would move the page, too. An observer is told of the first layout as well.
const row = document.querySelector(".rail > nav");
const here = row?.querySelector("[aria-current]");

function show() {
  const [place, frame] = [here, row].map((one) => one.getBoundingClientRect());
  if (place.left >= frame.left && place.right <= frame.right) return;
  const left = row.scrollLeft + (place.left + place.right - frame.left - frame.right) / 2;
  row.scrollTo({ left, behavior: "instant" });
}

if (here) new ResizeObserver(show).observe(row);
