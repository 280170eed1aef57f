// ajv 8 in strict mode: reads {schema, bodies} on standard input, writes one verdict a body.
import Ajv from "ajv";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { given, say } from "./io.mjs";

const { schema, bodies } = await given();
const Dialect = schema.$schema.includes("2020-12") ? Ajv2020 : Ajv;
const ajv = new Dialect({ strict: true });
addFormats(ajv);
const validate = ajv.compile(schema);
say(bodies.map((body) => validate(body)));
