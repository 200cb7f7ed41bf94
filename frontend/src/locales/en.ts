// Without the words that come with their views.
const files = import.meta.glob<object>(
  [
    './en/*.json',
    '!./en/{answering,board,codes,courses,exercises,history,import,people,rounds,search,settings,talk,tokens,writing}.json',
  ],
  {
    eager: true,
    import: 'default',
  },
)
export default Object.assign({}, ...Object.values(files)) as object
