// A mail server for tests: it takes what the app's server sends, and keeps it for the test to read.
import { createServer } from 'node:net'

/** Starts a mail server on a port of its own. It refuses addresses at refused.example, as if nobody were there. */
export async function openMailbox() {
  const letters = []
  const waiting = []
  const server = createServer((socket) => converse(socket, take))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))

  function take(letter) {
    letters.push(letter)
    for (const look of waiting.splice(0)) look()
  }

  /** The letter to an address that came after `seen` others to it, when it has come. */
  async function letterTo(address, seen = 0) {
    for (;;) {
      const found = letters.filter((letter) => letter.to.includes(address))[seen]
      if (found) return found
      await new Promise((resolve) => waiting.push(resolve))
    }
  }

  return {
    address: `127.0.0.1:${server.address().port}`,
    letters,
    letterTo,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

/** Speaks as much of RFC 5321 as is needed to be sent a letter. */
function converse(socket, take) {
  let received = ''
  let to = []
  let inLetter = false
  const say = (line) => socket.write(`${line}\r\n`)
  const answers = {
    EHLO: () => say('250-mailbox\r\n250 8BITMIME'),
    HELO: () => say('250 mailbox'),
    MAIL: () => say('250 go on'),
    RSET: () => say('250 forgotten'),
    NOOP: () => say('250 here'),
    QUIT: () => socket.end('221 bye\r\n'),
    RCPT(line) {
      const address = /<([^>]*)>/.exec(line)[1]
      if (address.endsWith('@refused.example')) return say('550 nobody of that name')
      to.push(address)
      say('250 known')
    },
    DATA() {
      inLetter = true
      say('354 tell')
    },
  }
  socket.setEncoding('latin1')
  socket.on('error', () => undefined) // whoever hangs up is gone
  socket.on('data', (chunk) => {
    received += chunk
    for (;;) {
      const end = inLetter ? '\r\n.\r\n' : '\r\n'
      const at = received.indexOf(end)
      if (at < 0) return
      const part = received.slice(0, at)
      received = received.slice(at + end.length)
      if (inLetter) {
        take({ to, text: wordsOf(part) })
        to = []
        inLetter = false
        say('250 taken')
      } else (answers[part.slice(0, 4).toUpperCase()] ?? (() => say('502 what')))(part)
    }
  })
  say('220 mailbox')
}

/** The words of a letter, without its head. */
function wordsOf(letter) {
  const [head, ...body] = letter.replace(/^\.\./gm, '.').split('\r\n\r\n')
  const words = body.join('\n\n')
  const encoding = /^content-transfer-encoding:\s*(\S+)/im.exec(head)?.[1].toLowerCase()
  if (encoding === 'base64') return Buffer.from(words, 'base64').toString()
  if (encoding !== 'quoted-printable') return Buffer.from(words, 'latin1').toString()
  const bytes = words.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}

/** The link in a letter. */
export const linkIn = (letter) => /https?:\/\/\S+/.exec(letter.text)[0]
