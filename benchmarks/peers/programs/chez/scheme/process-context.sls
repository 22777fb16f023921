;; (scheme process-context) of R7RS: what the programs in benchmarks/lambda use.
(library (scheme process-context)
  (export command-line exit)
  (import (chezscheme)))
