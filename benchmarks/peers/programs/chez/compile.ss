;; Compiles a program, with the procedures of the language taken as they are and
;; without checks at run time.
;; Usage: scheme --script compile.ss SOURCE OBJECT
(let ([arguments (command-line-arguments)])
  (parameterize ([optimize-level 3]
                 [enable-cross-library-optimization #t]
                 [generate-inspector-information #f])
    (compile-program (car arguments) (cadr arguments))))
