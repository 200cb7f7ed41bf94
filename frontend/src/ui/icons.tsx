// Drawn on 16 by 16, stroked with the colour of the words beside them.
const paths = {
  book: 'M2.5 3.2c2-.7 4-.5 5.5.7v9.6c-1.5-1.1-3.5-1.3-5.5-.7zM13.5 3.2c-2-.7-4-.5-5.5.7v9.6c1.5-1.1 3.5-1.3 5.5-.7z',
  check: 'm3 8.5 3.2 3.2L13 4.8',
  chevron: 'm6.5 4.5 3.5 3.5-3.5 3.5',
  close: 'm4 4 8 8M12 4l-8 8',
  down: 'm4.5 6.5 3.5 3.5 3.5-3.5',
  flask: 'M6.3 2.5v4L3 13.2h10L9.7 6.5v-4M5.3 2.5h5.4M4.6 10h6.8',
  place: 'M8 14s4.5-4.3 4.5-7.5a4.5 4.5 0 0 0-9 0C3.5 9.7 8 14 8 14zM8 8.3a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2',
  theme: 'M8 2.5v11a5.5 5.5 0 0 0 0-11zM8 2.5a5.5 5.5 0 0 0 0 11',
  dots: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  filter: 'M2.5 4h11M4.5 8h7M6.5 12h3',
  link: 'M6.7 9.3a2.6 2.6 0 0 0 3.7 0l2.1-2.1a2.6 2.6 0 0 0-3.7-3.7l-.7.7M9.3 6.7a2.6 2.6 0 0 0-3.7 0L3.5 8.8a2.6 2.6 0 0 0 3.7 3.7l.7-.7',
  memo: 'M3 2.5h10v7L9.5 13.5H3zM9.5 13.3V9.7H13M5.5 5.5h5M5.5 8h2.5',
  review: 'M8 2.5 14 13H2zM8 6.5v3M8 11.2v.01',
  search: 'M11.3 7a4.3 4.3 0 1 1-8.6 0 4.3 4.3 0 0 1 8.6 0zM10.3 10.3l3.2 3.2',
  undo: 'M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M3 6.5l3-3M3 6.5l3 3',
  fieldNote: 'M10.8 2.6 13.4 5.2 6 12.6l-3.3.7.7-3.3zM9.3 4.1l2.6 2.6',
  meetingObservation:
    'M7.5 5.5a2 2 0 1 1-4 0 2 2 0 0 1 4 0zM12.6 6a1.6 1.6 0 1 1-3.2 0 1.6 1.6 0 0 1 3.2 0zM2 13c.2-2.3 1.6-3.5 3.5-3.5S8.8 10.7 9 13M10.6 9.6c1.9-.2 3.1 1 3.4 3',
  interview: 'M2.5 3.5h11v7h-6l-3 2.5v-2.5h-2zM5.5 6.2h5M5.5 8.2h3',
  document: 'M4 2h5.5l3 3v9H4zM9.3 2.2v3h3M6 8.3h4.5M6 10.8h4.5',
  workshop: 'M2.5 2.5h5v5h-5zM9.5 2.5h4v4h-4zM2.5 9.5h4v4h-4zM8.5 8.5h5v5h-5z',
} as const

export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
