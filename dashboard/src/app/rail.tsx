import { Tooltip } from '@mantine/core'
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { PAGES } from './pages.ts'
import classes from './rail.module.css'
import { WeirMark } from './weir-mark.tsx'

/** The pages, at the left: icons with names, or icons alone. */
export function Rail({ collapsed, onToggle }: { collapsed: boolean; onToggle: () => void }) {
  const Toggle = collapsed ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse
  return (
    <nav className={classes.rail} data-collapsed={collapsed} aria-label="Pages">
      <Link to="/" className={classes.brand} aria-label="Weir, to the Overview">
        <WeirMark />
        {!collapsed && <span>Weir</span>}
      </Link>
      <ul className={classes.list}>
        {PAGES.map((page) => (
          <li key={page.path}>
            <Tooltip label={page.name} position="right" disabled={!collapsed}>
              <Link
                to={page.path}
                className={classes.item}
                activeOptions={{ exact: page.path === '/', includeSearch: false }}
                aria-label={page.name}
              >
                <page.icon size={16} stroke={1.6} aria-hidden="true" />
                {!collapsed && page.name}
              </Link>
            </Tooltip>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className={classes.toggle}
        onClick={onToggle}
        aria-label={collapsed ? 'Show the names of the pages' : 'Show icons only'}
      >
        <Toggle size={16} stroke={1.6} aria-hidden="true" />
      </button>
    </nav>
  )
}
