"""Builds a course for the requests to meet: exercises with work in every state, and those whose it is."""

import uuid


def classroom(c, student, project, note, text):
    """Makes courses of c's, in which the student has work. Gives what is known of them, and what operations have of their own."""

    def course(name):
        at = "/courses/" + c.post("/courses", {"name": name, "term": "Spring 2027", "language": "en"})["id"]
        change(at, groupsByChoice=True)
        student.post("/courses/join", {"code": c.post(at + "/join", {})["code"]})
        return at

    def change(at, **fields):
        return c.send("PATCH", at, fields, headers={"If-Match": '"%d"' % c.get(at)["version"]})

    main = course("Schemathesis")
    me = c.get(main + "/members?role=student")["items"][0]["id"]

    def exercise(name):
        """An open exercise with a note that was released to it, and the student's work in it."""
        made = c.post(main + "/exercises", {"template": "public-organisation"})
        at = "/exercises/" + made["id"]
        change(
            at, title={"en": name}, open=True, prompts=made["prompts"][:2], released=True, ownNotes=True, web=True, shownToClass=True,
            dueAt="2099-05-03T16:00", timeZone="Europe/Copenhagen",
        )
        copy = c.post(at + "/releases", {"projectId": project, "noteId": note})["id"]
        return {
            "exercise": made["id"], "prompt": made["prompts"][0]["id"], "note": copy, "made": made,
            "submission": student.post(at + "/submissions", None)["id"],
        }

    def written(name):
        """An exercise with an answer of the words of the note, and a passage of it."""
        x = exercise(name)
        at = "/submissions/%s/answers/%s" % (x["submission"], x["prompt"])
        student.send("PUT", at, {"text": text, "revision": str(uuid.uuid4()), "writer": str(uuid.uuid4())})
        x["evidence"] = passage(x)
        return x

    def passage(x, start=0):
        anchor = {"start": start, "end": start + 6, "quote": text[start : start + 6]}
        at = "/submissions/%s/answers/%s/evidence" % (x["submission"], x["prompt"])
        return student.post(at, {"noteId": x["note"], "anchor": anchor})["id"]

    def submitted(name):
        x = written(name)
        student.post("/submissions/%s/submit" % x["submission"], {"asIs": True})
        return x

    def remark(x):
        said = c.post("/submissions/%s/feedback/remarks" % x["submission"], {"promptId": x["prompt"], "text": "Which drawer?"})
        return said["remarks"][-1]["id"]

    def member(name):
        return c.post(main + "/members", {"name": name, "email": "%s@example.org" % uuid.uuid4(), "role": "student"})["id"]

    def group(name):
        return c.post(main + "/groups", {"name": name})["id"]

    def binned(path):
        c.send("DELETE", path)
        return path.rsplit("/", 1)[1]

    def own_note(x, name):
        at = "/exercises/%s/own-notes" % x["exercise"]
        return student.post(at, {"title": name, "text": text})["id"]

    def code(x, name):
        return c.post("/exercises/%s/codes" % x["exercise"], {"name": name})["id"]

    def bare(path):
        return path.rsplit("/", 1)[1]

    at_work, done, returned = written("At work"), submitted("Submitted"), submitted("Returned")
    c.send("PUT", "/submissions/%s/feedback" % done["submission"], {"mark": "10", "comment": "Well seen."})
    c.post("/submissions/%s/return" % returned["submission"], None)
    places = [group("Place %d" % n) for n in range(2)]
    student.post("%s/groups/%s/join" % (main, places[0]), None)
    other = course("Other")
    code_of = c.post(other + "/join", {})["code"]
    spare = [course("To leave %d" % n) for n in range(2)]
    gone = [course("In the bin %d" % n) for n in range(2)]
    for at in gone:
        c.send("DELETE", at)
    with_file = student.upload("/exercises/%s/own-notes/import" % at_work["exercise"], "drawer.txt", text, metadata="")

    def each(make, count, *names):
        """Several of a kind, of each the names that addresses have."""
        all_made = [make("%s %d" % (make.__name__, n)) for n in range(count)]
        return {name: [one[name] for one in all_made] for name in names}

    known = {
        "course": bare(main), "member": me, "group": places[1], "exercise": at_work["exercise"], "prompt": at_work["prompt"],
        "submission": done["submission"], "remark": remark(done), "number": 1, "courseCode": code_of,
    }
    writing = {"submission": at_work["submission"], "note": at_work["note"]}
    of_exercise = {"exercise": at_work["exercise"], "note": at_work["note"]}
    feedback = {"submission": done["submission"], "prompt": done["prompt"]}
    own = {
        "changeCourse": {"course": bare(other)}, "deleteCourse": {"course": bare(course("To delete"))},
        "restoreCourse": {"course": bare(gone[0])}, "purgeCourse": {"course": bare(gone[1])}, "leaveCourse": {"course": [bare(at) for at in spare]},
        "changeCourseMember": {"member": member("To change")}, "removeCourseMember": {"member": [member("To remove") for _ in range(3)]},
        "eraseCourseMember": {"member": [member("To erase") for _ in range(3)]},
        "restoreCourseMember": {"member": binned(main + "/members/" + member("To restore"))},
        "closeJoining": {"course": bare(course("To close"))}, "renameGroup": {"group": group("To rename")},
        "deleteGroup": {"group": [group("To delete %d" % n) for n in range(3)]},
        "restoreGroup": {"group": binned(main + "/groups/" + group("To restore"))},
        "changeExercise": {"exercise": exercise("To change")["exercise"]},
        "deleteExercise": {"exercise": c.post(main + "/exercises", {"template": "public-organisation"})["id"]},
        "restoreExercise": {"exercise": binned("/exercises/" + c.post(main + "/exercises", {"template": "public-organisation"})["id"])},
        "changeExerciseCode": {"code": code(at_work, "To change")}, "deleteExerciseCode": {"code": [code(at_work, "To delete %d" % n) for n in range(3)]},
        "showExerciseText": of_exercise, "signExerciseFile": {**of_exercise, "note": with_file},
        "releaseNote": {"exercise": exercise("To release to")["exercise"], "note": note},
        "takeRelease": {name: of[name] for of in [exercise("To take back from")] for name in ("exercise", "note")},
        "removeOwnNote": {**of_exercise, "note": [own_note(at_work, "To remove %d" % n) for n in range(3)]},
        "changeSubmission": writing, "saveAnswer": writing, "addEvidence": writing,
        "changeEvidence": {**writing, "evidence": at_work["evidence"]}, "removeEvidence": {**writing, "evidence": [passage(at_work, n) for n in range(1, 4)]},
        "submit": each(written, 2, "submission"), "takeBack": each(submitted, 3, "submission"),
        "returnSubmission": each(submitted, 2, "submission"), "returnAll": each(submitted, 1, "exercise"),
        "saveFeedback": each(submitted, 1, "submission"), "createRemark": feedback, "changeRemark": feedback,
        "deleteRemark": {**feedback, "remark": [remark(done) for _ in range(3)]},
        "listClassAnswers": {"exercise": done["exercise"], "prompt": done["prompt"]},
    }
    return known, own
