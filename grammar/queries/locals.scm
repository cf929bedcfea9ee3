; A list is known in the whole file (and, beyond what a query can say, in the other rule files).

(source_file) @local.scope

(list_declaration name: (symbol) @local.definition)
(define_declaration name: (symbol) @local.definition)

(keyword_argument value: (symbol) @local.reference)
