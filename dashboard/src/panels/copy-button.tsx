import { useClipboard } from '@mantine/hooks'
import { IconCheck, IconCopy, IconLink } from '@tabler/icons-react'
import classes from './copy-button.module.css'

interface CopyButtonProps {
  readonly text: string
  readonly label: string
  readonly isLink?: boolean
}

export function CopyButton({ text, label, isLink = false }: CopyButtonProps) {
  const clipboard = useClipboard({ timeout: 1_500 })
  const Icon = clipboard.copied ? IconCheck : isLink ? IconLink : IconCopy
  return (
    <button
      type="button"
      className={classes.copy}
      aria-label={clipboard.copied ? 'Copied' : label}
      title={clipboard.copied ? 'Copied' : label}
      onClick={() => clipboard.copy(text)}
    >
      <Icon size={14} stroke={1.6} aria-hidden="true" />
    </button>
  )
}
