// The tables of idn-hostname, which are most of the package: as short text, a quarter of their size when compressed.
//
// Only differences are written, in base 36: of a range how far it begins behind the one before, how much longer than one
// character it is, and its value; of a mapping how far its character is behind the one before, and each character that
// it leads to from the last one.

/** Returns the tables as text, and what is not large as it is. */
export function pack(tables) {
  return convert(tables, (table) => (Array.isArray(table[0]) ? packRanges(table) : isPlain(table) ? packMappings(table) : table));
}

/** Returns the tables that were packed. */
export function unpack(packed) {
  return convert(packed, (table) => (typeof table !== "string" ? table : table.includes(":") ? unpackMappings(table) : unpackRanges(table)));
}

const convert = (tables, change) => Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, change(table)]));
const isPlain = (table) => !Array.isArray(table);

function packRanges(ranges) {
  let next = 0;
  const texts = ranges.map(([first, last, value]) => {
    const text = [digits(first - next), digits(last - first), value].join();
    next = last + 1;
    return text;
  });
  return texts.join(";");
}

function unpackRanges(text) {
  let next = 0;
  return text.split(";").map((range) => {
    const [gap, more, value] = range.split(",");
    const first = next + number(gap);
    const last = first + number(more);
    next = last + 1;
    return [first, last, /\d/.test(value) ? Number(value) : value];
  });
}

function packMappings(mappings) {
  let next = 0;
  let before = 0;
  const texts = Object.entries(mappings).map(([from, to]) => {
    const gap = digits(Number(from) - next);
    next = Number(from) + 1;
    const steps = to.map((character) => {
      const step = digits(character - before);
      before = character;
      return step;
    });
    return `${gap}:${steps.join()}`;
  });
  return texts.join(";");
}

function unpackMappings(text) {
  let next = 0;
  let before = 0;
  const entries = text.split(";").map((mapping) => {
    const [gap, steps] = mapping.split(":");
    const from = next + number(gap);
    next = from + 1;
    return [from, steps.split(",").map((step) => (before += number(step)))];
  });
  return Object.fromEntries(entries);
}

// Zero is nothing at all.
const digits = (integer) => (integer === 0 ? "" : integer.toString(36));
const number = (text) => (text === "" ? 0 : parseInt(text, 36));
