/** One at a time across processes: a lock file that holds its owner's pid and is taken over when that one is gone. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { say } from './commands.ts'

/** Runs work while no other process runs work under the same lock file; waits for the other one as long as it lives. */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  for (let tries = 0; !take(file); tries += 1) {
    if (tries === 10) say(`waiting for process ${ownerOf(file) ?? 'unknown'}, which holds ${file}`)
    await sleep(200)
  }
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const owner = ownerOf(file)
  if (owner !== undefined && !lives(owner)) rmSync(file, { force: true })
  return false
}

/** undefined while the owner has not written its pid yet, or has just gone. */
function ownerOf(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    return pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
