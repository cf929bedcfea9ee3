((regex_pattern) @injection.content
  (#set! injection.language "regex"))

((heredoc_content) @injection.content
  (#set! injection.language "markdown")
  (#set! injection.combined))

((comment) @injection.content
  (#set! injection.language "comment"))
