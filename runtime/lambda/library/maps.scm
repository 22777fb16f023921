; Maps and keywords, and the names that lists have beside them.

(define-library (lambda maps)
  (import (lambda core) (lambda primitives))
  (export keyword? keyword->symbol symbol->keyword keyword->string
          string->keyword
          map? make-map map-ref map-set! map-delete! map-contains? map-count
          map-keys map-values map->alist map-copy alist->map map-update!
          map-for-each
          nil first rest)
  (begin

  ; (make-map key value ...)
  (define make-map %map)

  (define (alist->map alist)
    (let ((map (%map)))
      (let loop ((rest alist))
        (if (null? rest)
            map
            (let ((entry (car rest)))
              ; The first of a key counts, as for assoc.
              (if (not (map-contains? map (car entry)))
                  (map-set! map (car entry) (cdr entry)))
              (loop (cdr rest)))))))

  ; (map-update! map key procedure [default])
  (define (map-update! map key procedure . default)
    (map-set! map key (procedure (apply map-ref map key default))))

  ; With the entries that are there when it begins.
  (define (map-for-each procedure map)
    (let loop ((entries (map->alist map)))
      (if (pair? entries)
          (begin
            (procedure (car (car entries)) (cdr (car entries)))
            (loop (cdr entries))))))

  (define nil '())
  (define first car)
  (define rest cdr)))
