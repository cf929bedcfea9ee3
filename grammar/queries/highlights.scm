; Later patterns win.

(identifier) @variable

(comment) @comment

; Declarations

["list" "define" "detector" "match"] @keyword
["do" "end"] @keyword
(metadata_entry key: (identifier) @attribute)
(example_entry kind: (identifier) @keyword)
(event_literal type: (identifier) @type)

; Expressions

(call name: (predicate_name) @function.call)
(call name: (identifier) @function.call)
(keyword_argument key: (identifier) @variable.parameter)
(keyword_argument value: (identifier) @property)

["&&" "||" "!"] @operator
["(" ")" "[" "]" "%w[" "%w("] @punctuation.bracket
["," ":"] @punctuation.delimiter

; Literals

(string) @string
(word) @string
(symbol) @string.special.symbol
(heredoc) @string.documentation
[(heredoc_start) (heredoc_end)] @label
(regex) @string.regexp
(regex_flags) @character.special
(escape_sequence) @string.escape
(interpolation) @error
(integer) @number
(float) @number.float
[(true) (false)] @boolean
(nil) @constant.builtin

; Names that declarations give

(detector_declaration name: (string) @module)
(list_declaration name: (symbol) @constant)
(define_declaration name: (symbol) @function)
