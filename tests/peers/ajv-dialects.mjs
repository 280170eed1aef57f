// What ajv says of a document: reads it on standard input, writes the error of each dialect, null for none. The last
// is that of ajv-errors with $data.
import Ajv from "ajv";
import Ajv2020 from "ajv/dist/2020.js";
import { given, say } from "./io.mjs";

const schema = await given();
const complaint = ([Dialect, options]) => {
  try {
    new Dialect({ logger: false, ...options }).compile(schema);
    return null;
  } catch (error) {
    return error.message;
  }
};
say([[Ajv], [Ajv2020], [Ajv, { $data: true, keywords: ["errorMessage"] }]].map(complaint));
