; A list is known in the whole file (and, beyond what a query can say, in the other rule files).

(source_file) @local.scope

(list_declaration name: (symbol) @local.definition)
(define_declaration name: (symbol) @local.definition)

(keyword_argument value: (symbol) @local.reference)
; `name?` calls what `define :name` declares; editors that compare the text alone do not find it.
(call (predicate_name) @local.reference)
