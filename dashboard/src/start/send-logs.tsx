import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { PipelineState } from '../api/answers.ts'
import { getPipeline } from '../api/client.ts'
import { CopyButton } from '../panels/copy-button.tsx'
import { PanelSkeleton } from '../panels/panel.tsx'
import { Segments } from '../panels/segments.tsx'
import { snippets } from './snippets.ts'
import classes from './start.module.css'

/** The room of the longest snippet. */
const CODE_PX = 220

/** Ingest starts after the API: until it listens, its addresses are asked for again. ms, or not at all */
function askAgain({ state }: { state: { data: PipelineState | undefined } }): number | false {
  return state.data?.ingest ? false : 1_000
}

/** How to send logs here, ready to paste. */
export function SendLogs() {
  const { data } = useQuery({ queryKey: ['pipeline'], queryFn: getPipeline, refetchInterval: askAgain })
  const [name, setName] = useState('curl')
  if (!data?.ingest) return <PanelSkeleton heightPx={CODE_PX} />
  const all = snippets(data.ingest, window.location.hostname)
  const shown = all.find((snippet) => snippet.name === name) ?? all[0]
  if (!shown) return null
  return (
    <div className={classes.send}>
      <Segments
        label="Way to send logs"
        value={shown.name}
        options={all.map((snippet) => ({ value: snippet.name, name: snippet.name }))}
        onChange={setName}
      />
      <p>{shown.note}</p>
      <div className={classes.code}>
        <pre>{shown.code}</pre>
        <CopyButton text={shown.code} label={`Copy the ${shown.name} snippet`} />
      </div>
    </div>
  )
}
