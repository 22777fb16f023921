;; (scheme cxr) of R7RS: what the programs in benchmarks/lambda use.
(library (scheme cxr)
  (export caddr cadar cdddr cadddr)
  (import (chezscheme)))
