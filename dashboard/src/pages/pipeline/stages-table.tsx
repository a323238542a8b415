import type { PipelineState } from '../../api/answers.ts'
import { formatInteger } from '../../format/number.ts'
import classes from './pipeline-page.module.css'

const MEANING: Readonly<Record<string, string>> = {
  combiner: 'folds lines into deltas',
  windower: 'merges deltas into windows',
  indexer: 'stores lines for search',
}

export function StagesTable({ stages, minHeightPx }: { stages: PipelineState['stages']; minHeightPx: number }) {
  return (
    <div style={{ minHeight: minHeightPx }}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Stage</th>
            <th scope="col">Reads</th>
            <th scope="col" className={classes.number}>
              Behind
            </th>
          </tr>
        </thead>
        <tbody>
          {stages.map((stage) => (
            <tr key={`${stage.name} ${stage.topic}`}>
              <th scope="row">
                {stage.name} <span>{MEANING[stage.name]}</span>
              </th>
              <td className="mono">{stage.topic}</td>
              <td className={classes.number}>{formatInteger(stage.lagRecords)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
