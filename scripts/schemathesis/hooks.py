"""Leads most of schemathesis' requests to things that are there.

Made-up ids would be answered with 404 nearly always. This replaces them, in four requests of five,
by ids of the world that run.py has built, names the version of what is to be changed, and puts real
words into anchors. What is asked besides, and every fifth request, stays as it was generated.
"""

import atexit
import collections
import json
import os
import pathlib
import random

import requests
import schemathesis

WORLD = json.loads(os.environ["FELTBOG_WORLD"])
CHANCE = random.Random(1)
SESSION = requests.Session()

# The bytes of a file on its way are bytes.
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")

DONE = collections.Counter()

# What a student does in their own work and with their own place in a course.
OF_STUDENTS = {
    "joinCourse", "leaveCourse", "joinGroup", "leaveGroup", "openSubmission", "changeSubmission", "saveAnswer", "addEvidence",
    "changeEvidence", "removeEvidence", "submit", "takeBack", "bringNote", "importOwnNotes", "removeOwnNote",
}

# These are always led: schemathesis sends ids again that it has met, and what others need would be gone.
LED = {
    "submit", "takeBack", "returnSubmission", "returnAll", "leaveCourse", "deleteCourse", "purgeCourse", "closeJoining", "removeCourseMember",
    "eraseCourseMember", "deleteExercise", "takeRelease", "removeOwnNote", "changeCourse",
    "removeEvidence", "deleteRemark",
}


def pick(value):
    """One of the ids, where there are several."""
    return CHANCE.choice(value) if isinstance(value, list) else value


@schemathesis.hook
def before_call(context, case, kwargs):
    operation = case.operation.definition.raw["operationId"]
    sign(case, operation)
    if operation not in LED and CHANCE.random() < 0.2:
        return
    known = {**WORLD["known"], **WORLD["own"].get(operation, {})}
    for name in case.path_parameters or {}:
        if name in known:
            case.path_parameters[name] = pick(known[name])
    case.headers.pop("Idempotency-Key", None)  # the document's example, over and over
    if "If-Match" in case.headers:
        see_version(case)
    if "prompt" in (case.query or {}):
        case.query["prompt"] = known["prompt"]
    if operation == "enrolStudents" and case.media_type == "text/csv":
        case.body = "Name,E-mail\nAnna Ask,anna-%d@example.org\n" % CHANCE.randrange(1000)
    if isinstance(case.body, dict):
        lead_body(case.body, known)
        if operation == "createInVivoCode":
            case.body.pop("codeId", None)  # here it is of the code to be made
        elif operation in ("lookCourse", "joinCourse"):
            case.body = {"code": known["courseCode"]}
        elif operation == "saveAnswer":
            case.headers.pop("If-Match", None)  # it goes on from nothing that others wrote
            case.body.pop("settles", None)
        elif operation == "submit":
            case.body["asIs"] = True
        elif operation == "changeExercise":
            for field in ("title", "prompts"):  # it has its own
                case.body.pop(field, None)
        elif operation == "importOwnNotes":
            case.body.pop("metadata", None)  # of files that aren't sent with it
        elif operation == "renameGroup":
            case.body["name"] = "Group %d" % CHANCE.randrange(1000)
        elif operation == "createExercise":
            case.body = {"template": "public-organisation"}
        elif operation == "createRemark":
            case.body.update(words(), text="Which drawer?")
        elif operation == "changeRemark":
            case.body["text"] = "Which drawer, and whose?"
        elif operation == "changeEvidence":
            case.body.pop("web", None)  # it is of a note
        elif operation == "addEvidence" and "noteId" in case.body:
            case.body.pop("web", None)


def sign(case, operation):
    """Sends the access token, nearly always, and never lets the session end that all run in."""
    token = WORLD["studentToken"] if operation in OF_STUDENTS else WORLD["spareToken"] if operation == "signOut" else WORLD["token"]
    case.headers["Authorization"] = "Bearer " + (token if CHANCE.random() < 0.98 else "none")
    if operation == "endSession":
        case.path_parameters["session"] = WORLD["spare"]


@schemathesis.hook
def after_call(context, case, response):
    if response.status_code < 300:
        DONE[case.operation.definition.raw["operationId"]] += 1


@atexit.register
def report():
    """Tells run.py which operations did something."""
    pathlib.Path(WORLD["report"]).write_text(json.dumps(DONE))


def see_version(case):
    """Says that the version there is was seen. What can't be asked for alone stands in a list."""
    headers = {"Authorization": "Bearer " + WORLD["token"]}
    address = WORLD["url"] + case.formatted_path.removesuffix("/text").removesuffix("/merge").removesuffix("/email").removesuffix("/move").removesuffix("/draw")
    answer = SESSION.get(address, headers=headers, timeout=10)
    if "ETag" in answer.headers:
        case.headers["If-Match"] = answer.headers["ETag"]
    if answer.status_code == 405:
        several, _, one = address.rpartition("/")
        for item in SESSION.get(several, headers=headers, timeout=10).json().get("items", []):
            if one in (item["id"], item.get("userId")):
                case.headers["If-Match"] = '"%d"' % item["version"]


def lead_body(body, known):
    """Makes a body speak of what is there."""
    if CHANCE.random() < 0.8:
        for field in ("id", "parentId", "participantIds", "observerId", "layer", "noteIds", "codeIds", "coderIds", "assignment", "memberIds", "submissionIds"):  # an id can be chosen once, and the others name nobody
            body.pop(field, None)
    if "expiresAt" in body:
        body["expiresAt"] = WORLD["tomorrow"]
        body.pop("projects", None)
    if isinstance(body.get("meeting"), dict):
        body["kind"] = "meetingObservation"
    for field, name in WORLD["fields"].items():
        if isinstance(body.get(field), str) and body[field]:
            body[field] = pick(known[name])
    if isinstance(body.get("target"), dict):
        noun = CHANCE.choice(["project", "site", "note", "code", "coding"])
        body["target"] = {"noun": noun, "id": known[noun]}
    if isinstance(body.get("anchor"), dict):
        body["anchor"] = words()
    for several in ("items", "places"):
        for item in body[several] if isinstance(body.get(several), list) else []:
            if isinstance(item, dict):
                lead_body(item, known)


def words():
    """A span of the note of the world. Its text is ASCII."""
    text = WORLD["text"]
    start = CHANCE.randrange(len(text) - 1)
    end = CHANCE.randrange(start + 1, len(text))
    return {"start": start, "end": end, "quote": text[start:end]}
