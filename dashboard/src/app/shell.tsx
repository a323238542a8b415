import { useLocalStorage, useMediaQuery } from '@mantine/hooks'
import { Outlet } from '@tanstack/react-router'
import { LiveProvider } from '../live/live-context.tsx'
import { BottomBar } from './bottom-bar.tsx'
import { ConnectionBanner } from './connection-banner.tsx'
import { NARROW_QUERY, PHONE_QUERY } from './media.ts'
import { MoreSheet } from './more-sheet.tsx'
import { PageKeys } from './page-keys.tsx'
import { usePageTime } from './page-time.ts'
import { Rail } from './rail.tsx'
import classes from './shell.module.css'
import { TopBar } from './top-bar.tsx'

/** What stands around every page. */
export function Shell() {
  const { live } = usePageTime()
  const phone = useMediaQuery(PHONE_QUERY, undefined, { getInitialValueInEffect: false })
  const narrow = useMediaQuery(NARROW_QUERY, undefined, { getInitialValueInEffect: false })
  const [collapsed, setCollapsed] = useLocalStorage({ key: 'weir-rail-collapsed', defaultValue: false })
  return (
    <LiveProvider live={live}>
      <a className={classes.skip} href="#content">
        Skip to the content
      </a>
      <div className={classes.shell}>
        {!phone && <Rail collapsed={collapsed || narrow} onToggle={() => setCollapsed(!collapsed)} />}
        <div className={classes.main}>
          <TopBar phone={phone} />
          <ConnectionBanner />
          <main id="content" className={classes.content}>
            <Outlet />
          </main>
        </div>
        {phone && (
          <>
            <BottomBar />
            <MoreSheet />
          </>
        )}
      </div>
      <PageKeys />
    </LiveProvider>
  )
}
