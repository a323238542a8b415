import { IconDots } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import classes from './bottom-bar.module.css'
import { openOverlay } from './overlays.ts'
import { PAGES } from './pages.ts'

/** The pages on a phone. */
export function BottomBar() {
  return (
    <nav className={classes.bar} aria-label="Pages">
      {PAGES.map((page) => (
        <Link
          key={page.path}
          to={page.path}
          className={classes.item}
          activeOptions={{ exact: page.path === '/', includeSearch: false }}
        >
          <page.icon size={20} stroke={1.6} aria-hidden="true" />
          {page.name}
        </Link>
      ))}
      <button type="button" className={classes.item} aria-haspopup="dialog" onClick={() => openOverlay('more')}>
        <IconDots size={20} stroke={1.6} aria-hidden="true" />
        More
      </button>
    </nav>
  )
}
