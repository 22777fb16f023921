; Ports: what calls procedures of the program with a port.
;
; call-with-port and those built on it close the port when the procedure
; returns, as the report has it: who leaves in another way may come back.
; with-open-file is for those who do not: it closes at every exit.

(define-library (lambda ports)
  (import (lambda core) (lambda primitives) (lambda control))
  (export call-with-port call-with-input-file call-with-output-file
          with-input-from-file with-output-to-file with-open-file)
  (begin

  (define (call-with-port port procedure)
    (let ((result (procedure port)))
      (close-port port)
      result))

  (define (call-with-input-file name procedure)
    (call-with-port (open-input-file name) procedure))

  (define (call-with-output-file name procedure)
    (call-with-port (open-output-file name) procedure))

  (define (with-input-from-file name thunk)
    (call-with-port (open-input-file name)
                    (lambda (port)
                      (parameterize ((current-input-port port)) (thunk)))))

  (define (with-output-to-file name thunk)
    (call-with-port (open-output-file name)
                    (lambda (port)
                      (parameterize ((current-output-port port)) (thunk)))))

  ; (with-open-file (port name mode) body ...): the mode is read, write, append,
  ; read-binary, write-binary or append-binary, a symbol.
  (define-syntax with-open-file
    (syntax-rules ()
      ((_ (port name mode) first rest ...)
       (%call-with-open-file name mode (lambda (port) first rest ...)))))

  (define (%call-with-open-file name mode procedure)
    (let ((port (%open-file name mode)))
      (dynamic-wind
       (lambda ()
         (if (not (%is-open? port))
             (error "with-open-file: its file is closed since its scope was left"
                    name)))
       (lambda () (procedure port))
       (lambda () (close-port port)))))

  (define (%is-open? port)
    (if (input-port? port) (input-port-open? port) (output-port-open? port)))

  (define (%open-file name mode)
    (case mode
      ((read) (open-input-file name))
      ((write) (open-output-file name))
      ((append) (%open-append-file name))
      ((read-binary) (open-binary-input-file name))
      ((write-binary) (open-binary-output-file name))
      ((append-binary) (%open-binary-append-file name))
      (else
       (error "with-open-file: a mode is read, write, append, read-binary, write-binary or append-binary"
              mode))))))
