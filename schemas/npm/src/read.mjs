// Reads values of any kind, so that nothing a caller passes can raise an error or change while it is judged.

const isEnumerable = Object.prototype.propertyIsEnumerable;

/**
 * Returns the members of an object under `keys`, each read once, or null if it is not an object.
 *
 * Like JSON.stringify, it sees only an object's own enumerable members. One that can't be read is not an object.
 */
export function readMembers(value, keys) {
  const members = {};
  try {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
    for (const key of keys) members[key] = isEnumerable.call(value, key) ? value[key] : undefined;
  } catch {
    return null;
  }
  return members;
}

/**
 * Returns the length of an array and its items with their indices, or null if it is not an array.
 *
 * A hole is an item, which JSON.stringify writes as null. In an array of more than `most` items it is none: a few
 * characters of code make an array of four billion holes.
 */
export function readArray(value, most) {
  try {
    if (!Array.isArray(value)) return null;
    const length = value.length >>> 0;
    const indices = length <= most ? new Array(length).keys() : Object.keys(value).map(Number);
    const items = [];
    for (const index of indices) if (index < length) items.push([index, value[index]]);
    return { length, items };
  } catch {
    return null;
  }
}
