(define IncludedName (list 'Included (* 2 7)))
