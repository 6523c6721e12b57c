// What the bench prints, as a page with the machine that it ran on: `npm run bench -- --write docs/performance.md`.
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';

export class Page {
  readonly #parts: { readonly title: string; readonly table: string }[] = [];

  /** Prints it, and keeps it for the page. */
  add(title: string, table: string): void {
    console.log(`\n${title}\n${table}`);
    this.#parts.push({ title, table });
  }

  async write(file: string, kubernetes: string): Promise<void> {
    const [first] = cpus();
    const machine = `${cpus().length} x ${first?.model.trim() ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GB, Linux, Node ${process.versions.node}, Kubernetes ${kubernetes}, load ${loadavg()[0]?.toFixed(1) ?? ''} at the end`;
    const parts = this.#parts.map(({ title, table }) => `## ${title}\n\n\`\`\`\n${table}\n\`\`\`\n`);
    await writeFile(
      file,
      `# Performance\n\nWritten by \`npm run bench -- --write ${file}\` on ${new Date().toISOString().slice(0, 10)}: ${machine}. In one table the rows were run in turn on the same cluster; only their ratios mean much. Median (least–greatest) of the rounds.\n\n${parts.join('\n')}`,
    );
  }
}
