import { createTheme, Drawer, Modal, Popover, Tooltip } from '@mantine/core'
import overlays from './overlays.module.css'
import { FONTS } from './tokens.ts'

/** Colours come from variables.css; here is only what components need told. */
export const mantineTheme = createTheme({
  fontFamily: FONTS.text,
  fontFamilyMonospace: FONTS.mono,
  defaultRadius: 6,
  cursorType: 'pointer',
  components: {
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 350, offset: 6, transitionProps: { duration: 80 } },
      classNames: { tooltip: overlays.tooltip ?? '' },
    }),
    Popover: Popover.extend({
      defaultProps: { shadow: 'none', transitionProps: { duration: 80 } },
      classNames: { dropdown: overlays.dropdown ?? '' },
    }),
    Drawer: Drawer.extend({
      defaultProps: { transitionProps: { duration: 80 }, overlayProps: { backgroundOpacity: 0.5 } },
      classNames: {
        content: overlays.sheet ?? '',
        header: overlays.modalHeader ?? '',
        title: overlays.modalTitle ?? '',
      },
    }),
    Modal: Modal.extend({
      defaultProps: { transitionProps: { duration: 80 }, overlayProps: { backgroundOpacity: 0.5 } },
      classNames: {
        content: overlays.modal ?? '',
        header: overlays.modalHeader ?? '',
        title: overlays.modalTitle ?? '',
      },
    }),
  },
})
