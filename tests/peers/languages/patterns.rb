# Reads {patterns, texts} on standard input; writes, for each pattern, whether it is found in each text.
require "json"

given = JSON.parse($stdin.read)
puts JSON.generate(given["patterns"].map { |pattern| given["texts"].map { |text| Regexp.new(pattern).match?(text) } })
