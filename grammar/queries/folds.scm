[
  (detector_declaration)
  (list_declaration)
  (define_declaration)
  (match_clause)
  (example_entry)
  (argument_list)
  (array)
  (word_array)
  (parenthesized_expression)
  (heredoc)
] @fold
