/** Bytes of a value before its text, bytes or items; all of it for a number. 0 for 0xc1, which is none. */
export function headSize(type: number): number {
  if (type <= 0xc0 || type >= 0xe0) return 1
  switch (type) {
    case 0xc1:
      return 0
    case 0xc2:
    case 0xc3:
      return 1
    case 0xc4:
    case 0xcc:
    case 0xd0:
    case 0xd9:
      return 2
    case 0xc5:
    case 0xc7:
    case 0xcd:
    case 0xd1:
    case 0xd4:
    case 0xda:
    case 0xdc:
    case 0xde:
      return 3
    case 0xc8:
    case 0xd5:
      return 4
    case 0xc6:
    case 0xca:
    case 0xce:
    case 0xd2:
    case 0xdb:
    case 0xdd:
    case 0xdf:
      return 5
    case 0xc9:
    case 0xd6:
      return 6
    case 0xcb:
    case 0xcf:
    case 0xd3:
      return 9
    case 0xd7:
      return 10
    case 0xd8:
      return 18
    default:
      return 1
  }
}

/** Bytes of the text, bin or ext whose head begins at `head`. */
export function payloadBytes(type: number, view: DataView, head: number): number {
  if (type >= 0xa0 && type <= 0xbf) return type & 0x1f
  if (type === 0xd9 || type === 0xc4 || type === 0xc7) return view.getUint8(head + 1)
  if (type === 0xda || type === 0xc5 || type === 0xc8) return view.getUint16(head + 1)
  if (type === 0xdb || type === 0xc6 || type === 0xc9) return view.getUint32(head + 1)
  return 0
}

/** Values inside the array or map whose head begins at `head`; a map's keys count too. */
export function childCount(type: number, view: DataView, head: number): number {
  if (type >= 0x80 && type <= 0x8f) return (type & 0x0f) * 2
  if (type >= 0x90 && type <= 0x9f) return type & 0x0f
  if (type === 0xdc) return view.getUint16(head + 1)
  if (type === 0xdd) return view.getUint32(head + 1)
  if (type === 0xde) return view.getUint16(head + 1) * 2
  if (type === 0xdf) return view.getUint32(head + 1) * 2
  return 0
}
