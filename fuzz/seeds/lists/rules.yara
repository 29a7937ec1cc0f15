import "pe"
rule a : b { strings: $a = { 4D 5A } condition: $a }
