;; (scheme file) of R7RS: what the programs in benchmarks/lambda use.
(library (scheme file)
  (export open-input-file)
  (import (chezscheme)))
