import { useState } from 'react'
import { CopyButton } from '../panels/copy-button.tsx'
import { Segments } from '../panels/segments.tsx'
import { snippets } from './snippets.ts'
import classes from './start.module.css'

/** How to send logs here, ready to paste. */
export function SendLogs() {
  const all = snippets(window.location.hostname)
  const [name, setName] = useState('curl')
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
