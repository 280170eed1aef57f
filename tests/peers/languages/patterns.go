// Reads {patterns, texts} on standard input; writes, for each pattern, whether it is found in each text.
package main

import (
	"encoding/json"
	"os"
	"regexp"
)

func main() {
	var given struct{ Patterns, Texts []string }
	must(json.NewDecoder(os.Stdin).Decode(&given))
	found := make([][]bool, len(given.Patterns))
	for i, pattern := range given.Patterns {
		compiled, err := regexp.Compile(pattern)
		must(err)
		for _, text := range given.Texts {
			found[i] = append(found[i], compiled.MatchString(text))
		}
	}
	must(json.NewEncoder(os.Stdout).Encode(found))
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
