/** The pictures of the README, from runs: the files of docs/screens by name. */
import { web } from './scenes.ts';
import { commandLine, Stage } from './stage.ts';
import { svgOf } from './svg.ts';

const COLUMNS = 100;
/** Milliseconds after the start at which the screen is kept, and how many seconds the picture shows it. */
const MOMENTS: readonly (readonly [at: number, seconds: number])[] = [[60, 1.5], [800, 1.2], [1600, 1.2]];
const END_SECONDS = 6;

export const pictures = async (): Promise<ReadonlyMap<string, string>> => {
  const stage = await Stage.open(1);
  try {
    const ran = await stage.run(['pod', await web(stage), '-n', 'shop'], { terminal: COLUMNS, color: true, looks: MOMENTS.map(([at]) => at) });
    const prompt = `$ ${commandLine(ran.words)}`;
    const frames = [
      { text: prompt, seconds: 1.5 },
      ...ran.looks.map((text, i) => ({ text: `${prompt}\n${text}`, seconds: MOMENTS[i]?.[1] ?? 1 })),
      { text: `${prompt}\n${ran.shown}`, seconds: END_SECONDS },
    ];
    return new Map([['deletion.svg', svgOf({ title: 'kubectl safe-delete checks a pod, deletes it, and shows how it ends', columns: COLUMNS, frames })]]);
  } finally {
    await stage.close();
  }
};
