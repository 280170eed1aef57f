// xeipuuv/gojsonschema: reads {schema, bodies} on standard input, each body as JSON text; writes a verdict for
// each, or null for one that it can't read.
package main

import (
	"encoding/json"
	"os"

	"github.com/xeipuuv/gojsonschema"
)

func main() {
	var given struct {
		Schema json.RawMessage
		Bodies []string
	}
	must(json.NewDecoder(os.Stdin).Decode(&given))
	schema, err := gojsonschema.NewSchema(gojsonschema.NewBytesLoader(given.Schema))
	must(err)
	verdicts := make([]any, len(given.Bodies))
	for i, body := range given.Bodies {
		if result, err := schema.Validate(gojsonschema.NewStringLoader(body)); err == nil {
			verdicts[i] = result.Valid()
		}
	}
	must(json.NewEncoder(os.Stdout).Encode(verdicts))
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
