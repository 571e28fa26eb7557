// Weights of traffic: whole points that make 100. Pure functions; the same cases run against domain/weights.py.
// `weights` are whole numbers in row order, `locked` the places (from 0) that may not move.
export const WHOLE = 100;

const WHOLE_NUMBER = /^[ \t\r\n\f\v]*(-?[0-9]{1,30})(?:\.0{1,15})?[ \t\r\n\f\v]*$/;
const digits = (text) => WHOLE_NUMBER.exec(String(text ?? ""))?.[1] ?? "0";

/** What a typed text counts, as domain/typed.py reads it: a whole number of at most 30 ASCII digits; else nothing. */
export const points = (text) => Number(digits(text));

/** The sum of typed texts, exact however long the numbers are: a number where one holds it, else a BigInt. */
export function exactTotal(texts) {
  const sum = texts.reduce((so, text) => so + BigInt(digits(text)), 0n);
  return sum <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(sum) : sum;
}

/** The sum of all weights. */
export const total = (weights) => weights.reduce((sum, weight) => sum + (weight ?? 0), 0);

/** What is left to 100; below zero, what is too much. */
export const remainder = (weights) => WHOLE - total(weights);

/** `whole` points in proportion to `parts`: largest remainder, ties by row order; parts all zero share equally. */
export function apportion(whole, parts) {
  const sum = total(parts);
  const claims = sum > 0 ? parts : parts.map(() => 1);
  const size = sum > 0 ? sum : parts.length;
  const given = claims.map((claim) => Math.floor((whole * claim) / size));
  const order = claims.map((claim, place) => [(whole * claim) % size, place]);
  order.sort(([a, first], [b, second]) => b - a || first - second);
  let left = whole - total(given);
  for (const [, place] of order) if (left-- > 0) given[place] += 1;
  return given;
}

/** The unlocked rows share what the locked ones leave, in proportion to `parts`. */
function share(weights, locked, parts) {
  const next = weights.map((weight) => Math.max(0, weight ?? 0));
  const free = next.map((_, place) => place).filter((place) => !locked.includes(place));
  const held = locked.reduce((sum, place) => sum + next[place], 0);
  apportion(Math.max(0, WHOLE - held), free.map((place) => parts[place])).forEach((given, index) => {
    next[free[index]] = given;
  });
  return next;
}

/** The unlocked rows share what the locked ones leave, in equal parts. */
export const equalise = (weights, locked = []) => share(weights, locked, weights.map(() => 0));

/** The unlocked rows share what the locked ones leave, in proportion to what they had. */
export const spread = (weights, locked = []) => share(weights, locked, weights.map((weight) => Math.max(0, weight ?? 0)));

/** One row takes a value within what the locked ones leave, the other unlocked ones follow in proportion. */
export function linked(weights, locked, changed, value) {
  const kept = locked.filter((place) => place !== changed);
  const next = weights.map((weight) => Math.max(0, weight ?? 0));
  const room = Math.max(0, WHOLE - kept.reduce((sum, place) => sum + next[place], 0));
  const isLast = kept.length === next.length - 1;
  next[changed] = isLast ? room : Math.min(Math.max(0, value), room);
  return spread(next, [...kept, changed]);
}

/** One row takes what is missing to 100, or gives back what is too much; never below zero. */
export function rest(weights, place) {
  const next = [...weights];
  next[place] = Math.max(0, weights[place] + remainder(weights));
  return next;
}
