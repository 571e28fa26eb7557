// Words and rows of the traffic editor: what it says, and how it finds its way in the page.

/** The words beside the total, the number first; the same as the server's. */
export function sentence(sum) {
  if (sum === 100) return "100 of 100";
  if (typeof sum === "bigint") return `${sum} of 100, ${sum - 100n} too much`;
  return sum < 100 ? `${sum} of 100, ${100 - sum} left` : `${sum} of 100, ${sum - 100} too much`;
}

/** The key the server gave the row, which stays when rows move; the id of the box where there is none. */
export const keyOf = (box) => {
  const row = box.closest(".model-row");
  return row?.querySelector("input[type=hidden][name$='-key']")?.value || box.id;
};

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Of a bare id its beginning, which tells two apart; the row itself has it whole. The same as web/shares.py. */
const brief = (name) => (ID.test(name) ? `${name.slice(0, 8)}…` : name);

/** The name of the model whose id stands in the box, where the page knows it. */
const called = (model) => {
  const stand = document.getElementById(`${model?.id}-stands`)?.dataset;
  return stand?.called && stand.of === model.value ? stand.called : "";
};

/** What a row is called in bar and legend. */
export const nameOf = (box, place) => {
  const model = document.getElementById(box.id.replace(/weight$/, "model_id"));
  const chosen = model?.selectedOptions?.[0];
  return brief(box.dataset.name || called(model) || (chosen ? chosen.textContent.trim() : model?.value.trim()) || `model ${place + 1}`);
};

/** Whether a node that came or went brought or took a weight. */
export const holdsBox = (node) => node.nodeType === Node.ELEMENT_NODE && (node.matches("[data-weight]") || node.querySelector("[data-weight]"));
