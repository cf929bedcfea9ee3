import { formatDetection } from '../sink/pretty.js'
import type { DetectionBatch } from '../stream/detection.js'
import { useColor, writeOutput } from './output.js'

/** Writes detections to standard output: for programs as they are, or for people. */
export function detectionWriter(options: {
  readonly pretty?: boolean
  readonly color: boolean
}): (batch: DetectionBatch) => Promise<void> {
  const color = useColor(process.stdout, options.color)
  const width = process.stdout.columns || 100
  return (batch) =>
    writeOutput(
      options.pretty
        ? batch.items.map((item) => formatDetection(item, { color, width })).join('')
        : batch.ndjson,
    )
}
