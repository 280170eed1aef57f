// Decides the addresses and domains that the patterns of the schema can't: those that may be internationalized.
import { LIMITS, SPECIAL_USE_DOMAINS } from "#contract";

// RFC 5890 2.3.2.1: a label that begins with xn-- claims to be an A-label, and has to be one.
const ACE_PREFIX = /^xn--/i;
const MAY_BE_INTERNATIONALIZED = /[^\x00-\x7f]|xn--/i;
const ASCII = /^[\x00-\x7f]*$/;

// RFC 6531 3.3: an atom also takes every character outside ASCII.
const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\x80-\\u{10ffff}-]+";
const DOT_ATOM = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`, "u");
// email-validator's: separators, control and format characters, surrogates, unassigned characters, and a mark in front.
const UNSAFE = /[\p{Z}\p{C}]|^\p{M}/u;
// RFC 5891 4.2.3.1: no hyphens in the third and fourth place of a U-label. The library counts a
// character past U+FFFF twice.
const RESERVED_LABEL = /(?:^|\.)[^.]{2}--/u;
const ENDS_WITH_LETTER = /[a-z]$/i;
const JOINERS = /[\u200c\u200d]/;

// Loaded by the first name that needs it: it has large tables.
const idna = () => require("idn-hostname");

/** Returns whether a text has a character outside ASCII, or a label that may be an A-label. */
export const mayBeInternationalized = (text) => MAY_BE_INTERNATIONALIZED.test(text);

/** Returns whether an address that the schema accepts is valid: what email-validator decides with its defaults. */
export function isEmail(text) {
  const [local, written] = text.split("@");
  const normal = local.normalize("NFC");
  const domain = isLocalPart(local) && isLocalPart(normal) ? mappedDomain(written) : null;
  if (domain === null || !isOfInternet(domain.ascii)) return false;
  const forms = [text, `${normal}@${domain.unicode}`, `${ASCII.test(local) ? local : normal}@${domain.ascii}`];
  return forms.every((form) => utf8Length(form) <= LIMITS.email);
}

const isLocalPart = (text) => DOT_ATOM.test(text) && !UNSAFE.test(text);

/** Returns the domain of an address in both its forms, or null; unlike that of a setting, it is mapped by UTS 46. */
function mappedDomain(text) {
  if (UNSAFE.test(text) || Array.from(text).some(hidesDot)) return null;
  return attempt(() => {
    const { isIdnHostname, punycode, uts46map } = idna();
    const mapped = uts46map(text).normalize("NFC");
    if (mapped.endsWith(".")) return null;
    isIdnHostname(mapped);
    const unicode = punycode.toUnicode(mapped);
    return JOINERS.test(unicode) || RESERVED_LABEL.test(unicode) ? null : { unicode, ascii: punycode.toASCII(mapped) };
  });
}

// Such as U+2024, whose decomposition has a dot. A fullwidth dot is one.
const hidesDot = (character) => !".\uff0e".includes(character) && character.normalize("NFKD").includes(".");

// More than one label, the last one ends with a letter as all do, and is not of special use.
function isOfInternet(ascii) {
  const last = ascii.slice(ascii.lastIndexOf(".") + 1);
  return ascii.includes(".") && ENDS_WITH_LETTER.test(last) && !SPECIAL_USE_DOMAINS.includes(last);
}

// Of a text without lone surrogates.
const utf8Length = (text) => encodeURIComponent(text).replace(/%../g, "x").length;

/** Returns whether a domain that the schema accepts is valid: labels by IDNA 2008, as they are written. */
export function isDomain(text) {
  const labels = text.split(".");
  const claims = labels.filter((label) => !isPlain(label)).map(lowerIfAscii);
  const accepted = attempt(() => {
    const { isIdnHostname, punycode, uts46map } = idna();
    if (!claims.every((label) => uts46map(label).normalize("NFC") === label)) return null;
    if (RESERVED_LABEL.test(punycode.toUnicode(claims.join(".")))) return null;
    // All labels together, for the rule of RFC 5893 on domains with a right-to-left label. The contract accepts
    // hyphens in a row in a label of letters, digits and hyphens; that rule takes several for one.
    isIdnHostname(labels.map((label) => (isPlain(label) ? label.replace(/-+/g, "-") : lowerIfAscii(label))).join("."));
    return punycode.toASCII(text);
  });
  return accepted !== null && accepted.length <= LIMITS.domain;
}

const isPlain = (label) => ASCII.test(label) && !ACE_PREFIX.test(label);
const lowerIfAscii = (label) => (ASCII.test(label) ? label.toLowerCase() : label);

// The libraries throw what they refuse.
function attempt(decide) {
  try {
    return decide();
  } catch {
    return null;
  }
}
