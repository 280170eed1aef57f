// Builds the package: reads {folder, version, contract, schema} as JSON on standard input. See build.py.
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { pack, unpack } from "./src/tables.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = join(HERE, "../..");
const PEERS = join(ROOT, "tests/peers");
const require = createRequire(join(PEERS, "/"));

const Ajv = require("ajv").default;
const ajvErrors = require("ajv-errors");
const standaloneCode = require("ajv/dist/standalone").default;
const esbuild = require("esbuild");

const { folder, version, contract, schema } = JSON.parse(await text(process.stdin));

const FORMATS = { "index.js": "esm", "index.cjs": "cjs" };

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const validators = compileValidators();
const bundled = await Promise.all(Object.entries(FORMATS).map(bundle));
await writeFile(join(folder, "package.json"), await manifest());
await writeFile(join(folder, "THIRD-PARTY-LICENSES.txt"), await licenses(new Set(bundled.flat())));
await copyFile(join(HERE, "README.md"), join(folder, "README.md"));
await copyFile(join(ROOT, "LICENSE"), join(folder, "LICENSE"));
const types = await declarations();
for (const name of ["index.d.ts", "index.d.cts"]) await writeFile(join(folder, name), types);

/** Returns ajv's code for two parts of the schema: the body around the mailboxes, and an array of one mailbox. */
function compileValidators() {
  const around = withoutAnnotations(schema);
  const { items } = around.properties.mailboxes;
  delete around.properties.mailboxes.items;
  const ajv = new Ajv({ allErrors: true, $data: true, strict: true, code: { source: true, esm: true, lines: true } });
  ajvErrors(ajv);
  ajv.addSchema(around, "around");
  ajv.addSchema({ type: "array", items }, "mailbox");
  // Some pages add properties to Object.prototype; these are not errors of a field.
  const code = standaloneCode(ajv, { around: "around", mailbox: "mailbox" });
  return code.replaceAll(/for\(const (\w+) in ([\w[\]]+)\)/g, "for(const $1 of Object.keys($2))");
}

/** Returns a schema without the keywords that decide nothing, which ajv would write into its code. */
function withoutAnnotations(of) {
  const annotations = new Set(["$id", "$comment", "title", "description", "examples", "writeOnly"]);
  // The properties of a mailbox have other names.
  return JSON.parse(JSON.stringify(of, (key, value) => (annotations.has(key) ? undefined : value)));
}

async function bundle([name, format]) {
  const { metafile } = await esbuild.build({
    entryPoints: [join(HERE, "src/index.mjs")],
    outfile: join(folder, name),
    format,
    bundle: true,
    minify: true,
    metafile: true,
    platform: "neutral",
    mainFields: ["main"],
    target: "es2022",
    charset: "utf8",
    legalComments: "none", // they are in THIRD-PARTY-LICENSES.txt
    nodePaths: [join(PEERS, "node_modules")],
    plugins: [made({ "#contract": asModule(contract), "#validators": validators }), packed()],
    absWorkingDir: ROOT,
  });
  return Object.keys(metafile.inputs)
    .map((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1])
    .filter((found) => found !== undefined);
}

/** Returns a plugin with modules that are made here rather than read. */
function made(modules) {
  return {
    name: "made",
    setup(build) {
      build.onResolve({ filter: /^#/ }, ({ path }) => ({ path, namespace: "made" }));
      build.onLoad({ filter: /^/, namespace: "made" }, ({ path }) => ({ contents: modules[path], resolveDir: PEERS }));
    },
  };
}

/** Returns a plugin that writes the tables of a package as short text, which the first name that needs them unpacks. */
function packed() {
  const setup = (build) =>
    build.onLoad({ filter: /idnaMappingTableCompact\.json$/ }, async ({ path }) => {
      const tables = JSON.parse(await readFile(path, "utf8"));
      if (!isDeepStrictEqual(unpack(pack(tables)), tables)) throw new Error(`${path} can't be packed`);
      const unpacker = JSON.stringify(join(HERE, "src/tables.mjs"));
      return { contents: `module.exports = require(${unpacker}).unpack(${JSON.stringify(pack(tables))});` };
    });
  return { name: "packed", setup };
}

function asModule(values) {
  return Object.entries(values)
    .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
    .join("\n");
}

/** Returns the types of the functions, of the rules and of the documents, in one file, which any compiler finds. */
async function declarations() {
  const rules = contract.RULES.map((name) => JSON.stringify(name)).join(" | ");
  const [functions, documents] = await Promise.all(
    [join(HERE, "src/index.d.ts"), join(ROOT, "schemas/mailbox-schema.d.ts")].map((file) => readFile(file, "utf8")),
  );
  return `${functions}\nexport type Rule = ${rules};\n\n${documents}`;
}

async function manifest() {
  const written = JSON.parse(await readFile(join(HERE, "package.json"), "utf8"));
  return `${JSON.stringify({ name: written.name, version, ...written }, null, 2)}\n`;
}

/** Returns the licenses of the packages whose code is in the bundle. */
async function licenses(names) {
  const parts = [...names].sort().map(async (name) => {
    const { version: its, license } = require(`${name}/package.json`);
    const files = ["LICENSE", "LICENSE.md", "LICENSE-MIT.txt"].map((file) => join(PEERS, "node_modules", name, file));
    const found = await Promise.allSettled(files.map((file) => readFile(file, "utf8")));
    const { value } = found.find(({ status }) => status === "fulfilled") ?? {};
    if (value === undefined) throw new Error(`${name} has no file with its license`);
    return `${name} ${its} (${license})\n\n${value.trim()}\n`;
  });
  return `Code of these packages is in index.js and index.cjs.\n\n${(await Promise.all(parts)).join(`\n${"-".repeat(80)}\n\n`)}`;
}
