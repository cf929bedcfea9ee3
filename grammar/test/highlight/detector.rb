# An office program's list
# <- comment

list :office_apps, ['winword.exe', "a\tb"]
# <- keyword
#    ^ constant
#                ^ punctuation.delimiter
#                  ^ punctuation.bracket
#                   ^ string
#                                    ^ string.escape

define :from_office, any_property_equals_any?(property: parent_name, strings: :office_apps)
# <- keyword
#      ^ function
#                    ^ function.call
#                                             ^ variable.parameter
#                                                     ^ punctuation.delimiter
#                                                       ^ property
#                                                                             ^ constant

detector 'one' do
# <- keyword
#        ^ module
#              ^ keyword
  title 'First'
# ^ attribute
#       ^ string
  description <<~TEXT
#             ^ label
    Text # no comment
#        ^ string.documentation
  TEXT
# ^ label
  severity :high
#          ^ string.special.symbol
  score 5, -1.5, true, nil
#       ^ number
#          ^ number.float
#                ^ boolean
#                      ^ constant.builtin

  match from_office? && !f?(patterns: [/a[b]/i, "#{x}"], words: %w[c d])
# ^ keyword
#       ^ function.call
#                    ^ operator
#                       ^ operator
#                                       ^ string.regexp
#                                            ^ character.special
#                                               ^ string
#                                                ^ error
#                                                                  ^ string

  fires_on 'two', process_start(process_name: 'a')
# ^ keyword
#          ^ string
#                 ^ type
end
# <- keyword
