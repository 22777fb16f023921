;; (scheme write) of R7RS.
(library (scheme write)
  (export display write)
  (import (chezscheme)))
