import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { type Clock, type DocumentStore, type StoredDocument, WeirError } from '@weir/core'
import { openDatabase } from '../sqlite/open-database.ts'
import { prepareStoreDirectory } from '../sqlite/store-directory.ts'
import { storeError } from '../sqlite/store-error.ts'

const MAX_LIMIT = 10_000

const SCHEMA = `
  CREATE TABLE documents (
    kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, updated_ms INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  ) WITHOUT ROWID`

export interface DocumentStoreOptions {
  readonly dir: string
  readonly clock: Clock
}

/**
 * Opens the document store of a directory: one SQLite file, `documents.db`. Each commit is synced: documents are few and
 * made by people.
 *
 * @throws WEIR_DATA_DIR_UNUSABLE, WEIR_STORE_CORRUPT
 */
export async function openDocumentStore(options: DocumentStoreOptions): Promise<DocumentStore> {
  prepareStoreDirectory(options.dir, false)
  return new EmbeddedDocumentStore(options)
}

interface Row {
  readonly kind: string
  readonly id: string
  readonly version: number
  readonly updated_ms: number
  readonly body: string
}

class EmbeddedDocumentStore implements DocumentStore {
  readonly #file: string
  readonly #clock: Clock
  readonly #db: DatabaseSync

  constructor(options: DocumentStoreOptions) {
    this.#file = join(options.dir, 'documents.db')
    this.#clock = options.clock
    this.#db = openDatabase({ file: this.#file, readOnly: false, version: 1, schema: SCHEMA, syncEachCommit: true })
  }

  async get<T>(kind: string, id: string): Promise<StoredDocument<T> | undefined> {
    return this.#use((db) => {
      const row = db.prepare('SELECT * FROM documents WHERE kind = ? AND id = ?').get(kind, id)
      return row === undefined ? undefined : documentOf<T>(row as unknown as Row)
    })
  }

  async list<T>(
    kind: string,
    options: { readonly limit: number; readonly after?: string },
  ): Promise<StoredDocument<T>[]> {
    return this.#use((db) => {
      const rows = db
        .prepare('SELECT * FROM documents WHERE kind = ? AND id > ? ORDER BY id LIMIT ?')
        .all(kind, options.after ?? '', Math.min(options.limit, MAX_LIMIT))
      return rows.map((row) => documentOf<T>(row as unknown as Row))
    })
  }

  async put<T>(kind: string, id: string, body: T, expectedVersion: number): Promise<StoredDocument<T>> {
    return this.#use((db) => {
      const version = expectedVersion + 1
      const updatedMs = this.#clock.now()
      const text = JSON.stringify(body)
      // One statement decides and writes, so that of two writers with the same version one is refused.
      const { changes } =
        expectedVersion === 0
          ? db.prepare('INSERT OR IGNORE INTO documents VALUES (?, ?, 1, ?, ?)').run(kind, id, updatedMs, text)
          : db
              .prepare(
                'UPDATE documents SET version = ?, updated_ms = ?, body = ? WHERE kind = ? AND id = ? AND version = ?',
              )
              .run(version, updatedMs, text, kind, id, expectedVersion)
      if (changes !== 1) throw this.#conflict(kind, id, expectedVersion)
      return { kind, id, version, updatedMs, body }
    })
  }

  async remove(kind: string, id: string, expectedVersion: number): Promise<void> {
    this.#use((db) => {
      const { changes } = db
        .prepare('DELETE FROM documents WHERE kind = ? AND id = ? AND version = ?')
        .run(kind, id, expectedVersion)
      if (changes !== 1) throw this.#conflict(kind, id, expectedVersion)
    })
  }

  async close(): Promise<void> {
    if (this.#db.isOpen) this.#db.close()
  }

  #conflict(kind: string, id: string, expectedVersion: number): WeirError {
    const found = this.#db.prepare('SELECT version FROM documents WHERE kind = ? AND id = ?').get(kind, id)
    return new WeirError(
      'WEIR_VERSION_CONFLICT',
      `The ${kind} ${id} has version ${found?.version ?? 'none'}, not ${expectedVersion}; read it again and repeat the change.`,
    )
  }

  #use<T>(call: (db: DatabaseSync) => T): T {
    if (!this.#db.isOpen) throw new WeirError('WEIR_CLOSED', 'The document store was closed; open it again.')
    try {
      return call(this.#db)
    } catch (error) {
      throw storeError(this.#file, error)
    }
  }
}

function documentOf<T>(row: Row): StoredDocument<T> {
  return {
    kind: row.kind,
    id: row.id,
    version: row.version,
    updatedMs: row.updated_ms,
    body: JSON.parse(row.body) as T,
  }
}
