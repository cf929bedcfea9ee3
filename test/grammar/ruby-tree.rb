# Reads a JSON array of Ruby texts on standard input and writes what Ruby's own parser makes of each:
# null when it is not Ruby, else its tree in the notation of syntax-shape.ts.
require 'json'
require 'ripper'

def shape(node)
  case node
  in [:program, statements] then ['file', *statements(statements)]
  in [:command, name, arguments] then ['command', text(name), *arguments(arguments)]
  in [:method_add_block, call, [:do_block, nil, [:bodystmt, body, nil, nil, nil]]]
    ['block', shape(call), *statements(body)]
  in [:binary, left, operator, right] then [operator.to_s, shape(left), shape(right)]
  in [:unary, :-@, [(:@int | :@float), number, _]] then ['number', "-#{number}"]
  in [:unary, operator, operand] then [operator.to_s, shape(operand)]
  in [:paren, [[_, *] => statement]] then shape(statement)
  in [:paren, [Symbol, *] => expression] then shape(expression)
  in [:vcall | :var_ref, [:@ident | :@const, name, _]] then ['name', name]
  in [:var_ref, [:@kw, word, _]] then ['word', word]
  in [:fcall, name] then ['call', text(name)]
  in [:method_add_arg, [:fcall, name], []] then ['call', text(name)]
  in [:method_add_arg, [:fcall, name], [:arg_paren, arguments]]
    ['call', text(name), *arguments(arguments)]
  in [:assoc_new, [:@label, key, _], value] then ['pair', key.delete_suffix(':'), shape(value)]
  in [:string_literal, [:string_content, *parts]] then ['string', content(parts)]
  in [:dyna_symbol, [:string_content, *parts]] then ['symbol', content(parts)]
  in [:symbol_literal, [:symbol, name]] then ['symbol', text(name)]
  in [:@int | :@float, number, _] then ['number', number]
  in [:regexp_literal, parts, [:@regexp_end, ending, _]]
    ['regex', content(parts), ending[1..]]
  in [:array, nil] then ['array']
  in [:array, elements] then ['array', *elements.map { |element| shape(element) }]
  in [:@tstring_content, word, _] then ['string', word]
  end
end

def statements(list) = list.reject { |statement| statement == [:void_stmt] }.map { |s| shape(s) }

def arguments(node)
  list = (node in [:args_add_block, inner, false]) ? inner : node
  (list || []).flat_map do |argument|
    (argument in [:bare_assoc_hash, pairs]) ? pairs.map { |pair| shape(pair) } : [shape(argument)]
  end
end

def text(token) = token[1]

def content(parts) = parts.map { |part| (part in [:@tstring_content, text, _]) ? text : '#' }.join

def tree(source)
  RubyVM::AbstractSyntaxTree.parse(source) # what ruby -c accepts; Ripper lets some errors pass
  shape(Ripper.sexp(source))
rescue SyntaxError
  nil
end

$VERBOSE = nil
puts JSON.generate(JSON.parse($stdin.read).map { |source| tree(source) })
