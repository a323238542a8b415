/** Below it the rail is a bar at the bottom, panels stack and tables become lists. */
export const PHONE_QUERY = '(max-width: 767px)'
/** Below it the rail has no room for names. */
export const NARROW_QUERY = '(max-width: 1099px)'
