/** The kinds of notes, in the order in which they are offered. */
export const noteKinds = ['fieldNote', 'meetingObservation', 'interview', 'document', 'workshop'] as const
