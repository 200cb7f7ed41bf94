// What time the server has. What is due is due by its clock, and that of a device may be wrong.

let ahead = 0

// Answers tell their second, and are on their way for a while: so much is no difference.
const unsure = 3000

/** Takes note of when the server says that it answered. */
export function toldTime(response: Response): void {
  const at = Date.parse(response.headers.get('Date') ?? '')
  if (Number.isNaN(at)) return
  const difference = at - Date.now()
  ahead = Math.abs(difference) > unsure ? difference : 0
}

/** The time by the clock of the server, as far as it told it; by that of this device otherwise. */
export const serverTime = () => Date.now() + ahead
