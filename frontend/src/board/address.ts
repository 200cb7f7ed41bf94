// What the addresses of the board and of the class say.

/** Who is open beside the board, and at which prompt. */
export type Opened = { who?: string; prompt?: string }

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

export function readOpened({ who, prompt }: Record<string, unknown>): Opened {
  return { ...(text(who) && { who: text(who) as string }), ...(text(prompt) && { prompt: text(prompt) as string }) }
}

/** Which prompt's answers are shown, or the map. */
export type Shown = { prompt?: string; view?: 'map' }

export function readShown({ prompt, view }: Record<string, unknown>): Shown {
  return { ...(text(prompt) && { prompt: text(prompt) as string }), ...(view === 'map' && { view }) }
}
