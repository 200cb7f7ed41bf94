// Without the words that come with their views.
const files = import.meta.glob<object>(
  ['./en/*.json', '!./en/codes.json', '!./en/history.json', '!./en/import.json', '!./en/people.json', '!./en/settings.json'],
  {
    eager: true,
    import: 'default',
  },
)
export default Object.assign({}, ...Object.values(files)) as object
