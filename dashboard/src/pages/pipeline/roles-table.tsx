import type { PipelineState } from '../../api/answers.ts'
import { formatNumber } from '../../format/number.ts'
import classes from './pipeline-page.module.css'

/** A watermark counts ms since the epoch: as a time it says something. */
function counterText(name: string, value: number): string {
  return name.startsWith('watermark_ms') && value > 0
    ? new Date(value).toISOString().slice(11, 19)
    : formatNumber(value)
}

export function RolesTable({ roles, minHeightPx }: { roles: PipelineState['roles']; minHeightPx: number }) {
  return (
    <div style={{ minHeight: minHeightPx }}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Role</th>
            <th scope="col">State</th>
            <th scope="col">Counters</th>
          </tr>
        </thead>
        <tbody>
          {roles.map((role) => (
            <tr key={role.role}>
              <th scope="row">{role.role}</th>
              <td>
                <span className={classes.state} data-state={role.state}>
                  {role.state}
                </span>
                {role.detail && <p className={classes.detail}>{role.detail}</p>}
              </td>
              <td className={classes.counters}>
                {Object.entries(role.counters).map(([name, value]) => (
                  <span key={name} title={`${name}: ${value}`}>
                    {name.replaceAll('_', ' ')} <b>{counterText(name, value)}</b>
                  </span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
