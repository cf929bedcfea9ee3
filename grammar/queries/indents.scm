[
  (detector_declaration)
  (define_declaration)
  (argument_list)
  (array)
  (word_array)
  (parenthesized_expression)
] @indent.begin

["end" ")" "]"] @indent.end @indent.branch

; Operands of a condition stand below each other.
(match_clause condition: (binary_expression) @indent.align)

(heredoc) @indent.ignore
(ERROR) @indent.auto
