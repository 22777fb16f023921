;; Compiles a program of R7RS with the checks that the language asks for.
;; Usage: scheme --libdirs LIBRARIES::OBJECTS --compile-imported-libraries
;;               --script compile_r7rs.ss SOURCE OBJECT
(let ([arguments (command-line-arguments)])
  (parameterize ([optimize-level 2]
                 [enable-cross-library-optimization #t]
                 [generate-inspector-information #f])
    (compile-program (car arguments) (cadr arguments))))
