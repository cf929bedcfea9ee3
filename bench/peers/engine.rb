# Detectors as Ruby: a port of the plainest design. A detector's block is run by instance_eval on every
# event; helpers and properties are methods of what it is run on, and every term is worked out where it stands.
#
#     ruby engine.rb RULES.rb EVENTS.ndjson
#
# prints the wall and processor seconds of reading the events and evaluating them, and then a line for each
# detection: number of the event's line, name of the detector.
require 'ipaddr'
require 'json'

# What the block of a detector is run on: one event.
class Scene
  attr_writer :event

  MATCHES = {
    'equals' => ->(text, wanted) { text == wanted.downcase },
    'includes' => ->(text, wanted) { text.include?(wanted.downcase) },
    'starts_with' => ->(text, wanted) { text.start_with?(wanted.downcase) },
    'ends_with' => ->(text, wanted) { text.end_with?(wanted.downcase) },
    'matches' => ->(text, wanted) { wanted.match?(text) },
    'in_any_subnet' => ->(text, wanted) { IPAddr.new(wanted).include?(IPAddr.new(text)) }
  }.freeze

  def self.define_helper(name)
    /\A(?<type>\w+?)_property_(?<match>\w+?)(?:_(?<quantifier>any|all))?\?\z/ =~ name
    compare = MATCHES.fetch(match)
    all = quantifier == 'all'
    define_method(name) do |property:, strings: [], patterns: strings, subnets: patterns|
      (type == 'any' || @event['event_type'] == type) && Array(property).any? do |value|
        text = match == 'matches' ? value.to_s : value.to_s.downcase
        all ? subnets.all? { |wanted| compare.(text, wanted) } : subnets.any? { |wanted| compare.(text, wanted) }
      end
    end
  end

  def self.define_property(name)
    define_method(name) { @event[name] }
  end

  def severity(_) = nil
  def match(truth) = truth
end

# Reads rule files: remembers what a detector is, without asking what is in it.
class Rules
  attr_reader :detectors

  def initialize(text)
    @detectors = []
    text.scan(/\b\w+?_property_\w+\?/).uniq.each { |name| Scene.define_helper(name) }
    text.scan(/property: (\w+)/).flatten.uniq.each { |name| Scene.define_property(name) }
    instance_eval(text)
  end

  def detector(name, &block)
    @detectors << [name, block]
  end
end

def evaluate(detectors, file)
  scene = Scene.new
  detections = []
  File.foreach(file).with_index(1) do |line, number|
    scene.event = JSON.parse(line)
    detectors.each { |name, block| detections << "#{number} #{name}" if scene.instance_eval(&block) }
  end
  detections
end

rules, events = ARGV
detectors = Rules.new(File.read(rules, encoding: 'UTF-8')).detectors
clocks = [Process::CLOCK_MONOTONIC, Process::CLOCK_PROCESS_CPUTIME_ID]
began = clocks.map { |clock| Process.clock_gettime(clock) }
detections = evaluate(detectors, events)
ended = clocks.map { |clock| Process.clock_gettime(clock) }
puts ended.zip(began).map { |after, before| (after - before).round(3) }.join(' '), detections
