;; Compiles a program to native code. Usage: guile --r7rs compile.scm SOURCE OBJECT
(use-modules (system base compile))
(compile-file (cadr (command-line)) #:output-file (caddr (command-line)))
