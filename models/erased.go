package models

// Erased stands where words were that were deleted with the personal data of who wrote them: that there was
// something, and how much, is still counted.
const Erased = "…"

// erase takes words away, where there are any.
func erase(words ...*string) {
	for _, w := range words {
		if *w != "" {
			*w = Erased
		}
	}
}

// Erase takes the words of a submission away. What kind of organisation it is about stays.
func (s *Submission) Erase() { erase(&s.Organisation.Name, &s.Organisation.Why) }

// Erase takes the words of an answer away. How many words and passages there are stays.
func (a *Answer) Erase() {
	erase(&a.Text)
	for i := range a.Others {
		erase(&a.Others[i].Text)
	}
	eraseEvidence(a.Evidence)
}

// Erase takes the words of a hand-in away. Its hash stays, which nobody can check any more.
func (h *HandIn) Erase() {
	erase(&h.Organisation.Name, &h.Organisation.Why)
	for i := range h.Answers {
		erase(&h.Answers[i].Text)
		eraseEvidence(h.Answers[i].Evidence)
	}
}

// Erase takes away what was said of somebody's work. The mark stays.
func (f *Feedback) Erase() {
	erase(&f.Comment)
	f.Remarks = []Remark{}
}

func eraseEvidence(all []Evidence) {
	for i := range all {
		e := &all[i]
		erase(&e.Why)
		e.CodingID = "" // it is gone
		if e.Anchor != nil {
			erase(&e.Anchor.Quote, &e.Anchor.Prefix, &e.Anchor.Suffix)
		}
		if e.Web != nil {
			e.Web = &WebSource{Quote: Erased, SeenOn: e.Web.SeenOn}
		}
	}
}
