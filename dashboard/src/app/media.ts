/** Below it the rail is a bar at the bottom, panels stack and tables become lists. */
export const PHONE_QUERY = '(max-width: 767px)'
/** A screen with room for higher charts. */
export const TALL_QUERY = '(min-width: 1200px) and (min-height: 1150px)'
/** Below it the rail has no room for names. */
export const NARROW_QUERY = '(max-width: 1099px)'
