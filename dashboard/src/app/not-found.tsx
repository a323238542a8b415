import { Link } from '@tanstack/react-router'
import classes from './not-found.module.css'

export function NotFound() {
  return (
    <div className={classes.page}>
      <h2>There is no page here</h2>
      <p>
        The address may be mistyped. <Link to="/">Go to the Overview</Link>
      </p>
    </div>
  )
}
