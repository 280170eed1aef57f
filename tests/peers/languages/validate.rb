# json_schemer: reads {schema, bodies} on standard input, each body as JSON text; writes a verdict for each, or
# null for one that it can't read.
require "json"
require "set"
require "json_schemer"

given = JSON.parse($stdin.read)
schema = JSONSchemer.schema(given["schema"])
verdicts = given["bodies"].map do |text|
  schema.valid?(JSON.parse(text))
rescue JSON::ParserError, ArgumentError, RegexpError, Encoding::CompatibilityError
  nil
end
puts JSON.generate(verdicts)
